// A program for the tests of confinement: it does to itself what it is asked.
import { answerParent } from '../answer-parent.js';

const kept: Buffer[] = [];

answerParent(async (request) => {
  const { does } = request as { does: string };
  switch (does) {
    case 'tell':
      return { env: process.env, folder: process.cwd(), pid: process.pid };
    case 'spin':
      for (;;);
    case 'hoard':
      for (;;) {
        kept.push(Buffer.alloc(8 * 1024 ** 2, 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    case 'grab':
      kept.push(Buffer.alloc(2 * 1024 ** 3, 1));
      return { grabbed: kept.length };
    case 'throw':
      throw new Error('What it was asked is too much for it.');
    case 'leave':
      return process.exit(3);
    default:
      return { echo: request };
  }
});
