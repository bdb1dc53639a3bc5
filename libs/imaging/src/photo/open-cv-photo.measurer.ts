import { isFailure, type Failure } from '#libs/kernel';
import {
  photoLimits,
  PhotoMeasurer,
  type LabelledPixels,
  type NotMeasured,
  type PhotoMeasured,
  type PhotoRequest,
  type PixelForest,
} from '#libs/grading';
import { decodePicture } from '../decode-picture.js';
import { besideModule, KeptThread, type Unanswered } from '../kept-thread.js';
import { Turns } from '../turns.js';
import { toPhoto } from './decode-photo.js';
import type { ThreadAnswer, ThreadRequest } from './messages.js';

export interface PhotoMeasurerOptions {
  /** Milliseconds that the measurement of a photo may take, and learning from pictures; the thread is ended then. */
  readonly timeMs: number;
  readonly learnMs: number;
  /** Milliseconds that the start of a thread may take. */
  readonly startMs: number;
  /** Bytes that OpenCV may hold in all, and those from which its thread is replaced after an answer: it never gives any back. */
  readonly mostBytes: number;
  readonly recycleBytes: number;
  /** Bytes of JavaScript heap of the thread. */
  readonly heapBytes: number;
  /** Measurements that may wait for their turn. */
  readonly mayWait: number;
}

const mebibyte = 1024 ** 2;

const defaults: PhotoMeasurerOptions = {
  timeMs: 20_000,
  learnMs: 120_000,
  startMs: 60_000,
  mostBytes: 768 * mebibyte,
  recycleBytes: 256 * mebibyte,
  heapBytes: 1_024 * mebibyte,
  mayWait: 50,
};

/**
 * Measures by OpenCV, in a thread of its own that is started when there is something to measure. The thread is ended when it takes
 * too long, and replaced when it has crashed or holds too much memory: whatever a picture does to it, the next one is measured.
 */
export class OpenCvPhotoMeasurer extends PhotoMeasurer {
  private readonly options: PhotoMeasurerOptions;
  private readonly turns: Turns;
  private readonly thread: KeptThread<ThreadRequest, ThreadAnswer>;

  /** @param options what differs from the defaults */
  constructor(options: Partial<PhotoMeasurerOptions> = {}) {
    super();
    this.options = { ...defaults, ...options };
    this.turns = new Turns(1, this.options.mayWait);
    const { mostBytes, startMs, recycleBytes, heapBytes } = this.options;
    const { outlines, corners } = photoLimits;
    const settings = { mostBytes, limits: { outlines, corners } };
    const inside = besideModule(import.meta.url, 'photo.worker');
    this.thread = new KeptThread({ inside, settings, startMs, recycleBytes, heapBytes });
  }

  override async measure(picture: Uint8Array, request: PhotoRequest): Promise<PhotoMeasured | NotMeasured> {
    const done = await this.turns.take(async () => {
      const photo = await decodePicture(picture, toPhoto);
      if (isFailure(photo)) return unreadable(photo);
      const answer = await this.ask({ kind: 'measure', photo, request }, this.options.timeMs, [photo.data.buffer]);
      switch (answer.kind) {
        case 'measured':
          return { kind: 'measured', quality: answer.quality, findings: answer.findings } as const;
        case 'frame-missing':
          return notMeasured('frame-missing', `${answer.found} of 4 markers are to be seen.`, answer.quality);
        default:
          return refused(answer);
      }
    });
    return done ?? notMeasured('busy', 'Too many photos wait already.');
  }

  override async learnPixels(examples: readonly LabelledPixels[], seed: number): Promise<PixelForest | NotMeasured> {
    const done = await this.turns.take(async () => {
      const read = [];
      for (const { picture, labels } of examples) {
        const photo = await decodePicture(picture, toPhoto);
        if (isFailure(photo)) return unreadable(photo);
        if (photo.width * photo.height !== labels.length) {
          return notMeasured(
            'unreadable',
            `${labels.length} labels are not those of ${photo.width} × ${photo.height}.`,
          );
        }
        read.push({ photo, labels: Int32Array.from(labels) });
      }
      const transfer = read.flatMap(({ photo, labels }) => [photo.data.buffer, labels.buffer]);
      const answer = await this.ask({ kind: 'learn', examples: read, seed }, this.options.learnMs, transfer);
      return answer.kind === 'learnt' ? answer.forest : refused(answer);
    });
    return done ?? notMeasured('busy', 'Too many photos wait already.');
  }

  override close(): Promise<void> {
    return this.thread.close();
  }

  private async ask(
    request: ThreadRequest,
    withinMs: number,
    transfer: readonly ArrayBuffer[],
  ): Promise<ThreadAnswer | NotMeasured> {
    const answer = await this.thread.ask({ kind: 'start' }, request, withinMs, transfer);
    return answer.kind === 'unanswered' ? unanswered(answer) : answer;
  }
}

function refused(answer: ThreadAnswer | NotMeasured): NotMeasured {
  if (answer.kind === 'not-measured') return answer;
  return notMeasured('crashed', answer.kind === 'failed' ? answer.detail : `The thread answered ${answer.kind}.`);
}

function unanswered({ fault, detail }: Unanswered): NotMeasured {
  return notMeasured(fault, detail);
}

function unreadable({ message }: Failure): NotMeasured {
  return notMeasured('unreadable', message);
}

function notMeasured(
  reason: NotMeasured['reason'],
  detail: string,
  quality: NotMeasured['quality'] = null,
): NotMeasured {
  return { kind: 'not-measured', reason, detail, quality };
}
