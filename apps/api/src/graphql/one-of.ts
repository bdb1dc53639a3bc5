/** The words that a field of text may hold, for its description; why they are no enum is in docs/decisions/0013. */
export function oneOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`;
}
