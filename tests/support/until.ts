import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; the limit of the test ends it when it never does. */
export async function until(holds: () => boolean | Promise<boolean>, rest = 25): Promise<void> {
  while (!(await holds())) await sleep(rest);
}
