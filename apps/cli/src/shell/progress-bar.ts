import cliProgress from 'cli-progress';

/** A bar on standard error that shows how far something is; nothing where it is not wanted. */
export function progressBar(isWanted: boolean): {
  update(done: number, of: number, what: string): void;
  stop(): void;
} {
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: '  {bar} {percentage} %  {what}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  let isOn = false;
  return {
    update: (done, of, what) => {
      if (!isWanted) return;
      if (!isOn) bar.start(of, done, { what });
      isOn = true;
      bar.setTotal(of);
      bar.update(done, { what });
    },
    stop: () => {
      if (isOn) bar.stop();
      isOn = false;
    },
  };
}
