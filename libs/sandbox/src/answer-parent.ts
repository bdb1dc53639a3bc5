/** What a confined process says when it can be asked. */
export const readyMessage = 'ready';

/**
 * The inside of a {@link ConfinedProcess}: answers one request after the other, and ends with the process that started it.
 * What `answer` throws ends the process too: there is nobody here who could tell what state it is in.
 * @throws where nobody has started it
 */
export function answerParent(answer: (request: unknown) => Promise<unknown>): void {
  const tell = (message: unknown): void => void process.send?.(message, undefined, {}, () => undefined);
  if (process.send === undefined) throw new Error('This program is started by another process, and answers it.');
  process.on('disconnect', () => process.exit());
  process.on('message', (request) => {
    answer(request).then(tell, (error: unknown) => {
      throw error;
    });
  });
  tell(readyMessage);
}
