import type { Sample } from '../model/sample.js';
import type { Window } from '../model/window.js';
import { cutWindow, dueWindows } from './cut-window.js';
import { hearClock, toDeviceTime, unknownClock, type DeviceClock } from './device-clock.js';
import { SampleRing, type Kept } from './sample-ring.js';

/** Learners who are followed at once by one process: a ring each, 25 kB. */
const mostFollowed = 4_000;

/** Who has sent nothing for so long is forgotten. */
const patienceMs = 60_000;

interface Followed {
  readonly ring: SampleRing;
  clock: DeviceClock;
  /** End of the last window that was cut, by the clock of the device. */
  lastEnd: number | null;
  heardAt: number;
}

/** What became of a message of samples. */
export interface Taken {
  /** How many samples were kept, and how many were not, by the reason. */
  readonly counts: Readonly<Record<Kept, number>>;
  /** Windows that have become due, oldest first. */
  readonly windows: readonly Window[];
}

/** Where the samples of all learners come in: memory alone, bounded, and nothing is stored. Changes in place. */
export class SampleDesk {
  private readonly followed = new Map<string, Followed>();

  constructor(private readonly most = mostFollowed) {}

  /** Learners who are followed now. */
  get size(): number {
    return this.followed.size;
  }

  /** Takes samples of one session. Times are Unix milliseconds: `sentAt` by the clock of the device, `receivedAt` by the server's. */
  take(
    key: string,
    samples: readonly Sample[],
    { sentAt, receivedAt }: { readonly sentAt: number; readonly receivedAt: number },
  ): Taken {
    const learner = this.follow(key, receivedAt);
    learner.clock = hearClock(learner.clock, { sentAt, receivedAt });
    const now = toDeviceTime(learner.clock, receivedAt);
    const counts: Record<Kept, number> = { kept: 0, superseded: 0, 'too-old': 0, 'too-early': 0, unsound: 0 };
    for (const sample of samples) counts[learner.ring.add(sample, now)]++;
    const ends = dueWindows(learner.lastEnd, now);
    learner.lastEnd = ends.at(-1) ?? learner.lastEnd;
    return { counts, windows: ends.map((end) => cutWindow(learner.ring, end)) };
  }

  /** Forgets all that was heard of one session. */
  forget(key: string): void {
    this.followed.delete(key);
  }

  private follow(key: string, now: number): Followed {
    const known = this.followed.get(key);
    this.followed.delete(key);
    const learner = known ?? { ring: new SampleRing(), clock: unknownClock, lastEnd: null, heardAt: now };
    learner.heardAt = now;
    // whoever was heard last stands last, so that those who are to be forgotten stand first
    this.followed.set(key, learner);
    for (const [other, { heardAt }] of this.followed) {
      if (this.followed.size <= this.most && now - heardAt <= patienceMs) break;
      this.followed.delete(other);
    }
    return learner;
  }
}
