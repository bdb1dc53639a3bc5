import { Clock } from '#libs/kernel';

/** The wall clock of this machine. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}
