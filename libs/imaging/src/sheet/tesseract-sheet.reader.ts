import { isFailure } from '#libs/kernel';
import {
  SheetReader,
  type SeenCharacter,
  type SeenLabel,
  type SheetRead,
  type SheetRequest,
  type SheetUnread,
} from '#libs/grading';
import { decodePicture, type OpenPicture } from '../decode-picture.js';
import { besideModule, KeptThread } from '../kept-thread.js';
import { toPhoto } from '../photo/decode-photo.js';
import type { Photo } from '../photo/messages.js';
import { Turns } from '../turns.js';
import { applied } from './homography.js';
import type { ReadCharacter } from './load-tesseract.js';
import type { FoundLabel, SheetThreadAnswer, SheetThreadRequest } from './messages.js';

export interface SheetReaderOptions {
  /** Milliseconds that reading a sheet may take, and the start of a thread; it is ended then. */
  readonly timeMs: number;
  readonly startMs: number;
  /** Bytes that OpenCV may hold, and those of OpenCV and Tesseract from which their thread is replaced after an answer. */
  readonly mostBytes: number;
  readonly recycleBytes: number;
  /** Bytes of JavaScript heap of the thread. */
  readonly heapBytes: number;
  /** Sheets that may wait for their turn. */
  readonly mayWait: number;
}

const mebibyte = 1024 ** 2;

const defaults: SheetReaderOptions = {
  timeMs: 30_000,
  startMs: 60_000,
  mostBytes: 768 * mebibyte,
  recycleBytes: 512 * mebibyte,
  heapBytes: 1_024 * mebibyte,
  mayWait: 50,
};

/**
 * Reads sheets by OpenCV and Tesseract, in a thread of its own that is started when there is a sheet to read. The thread is ended when
 * it takes too long, and replaced when it has crashed or holds too much memory: whatever a photo does to it, the next one is read.
 */
export class TesseractSheetReader extends SheetReader {
  private readonly options: SheetReaderOptions;
  private readonly turns: Turns;
  private readonly thread: KeptThread<SheetThreadRequest, SheetThreadAnswer>;

  /** @param options what differs from the defaults */
  constructor(options: Partial<SheetReaderOptions> = {}) {
    super();
    this.options = { ...defaults, ...options };
    const { mostBytes, startMs, recycleBytes, heapBytes, mayWait } = this.options;
    this.turns = new Turns(1, mayWait);
    const inside = besideModule(import.meta.url, 'sheet.worker');
    this.thread = new KeptThread({ inside, settings: { mostBytes }, startMs, recycleBytes, heapBytes });
  }

  override async read(picture: Uint8Array, request: SheetRequest): Promise<SheetRead | SheetUnread> {
    const { size, script } = request;
    const done = await this.turns.take(async (): Promise<SheetRead | SheetUnread> => {
      const photo = await decodePicture(picture, toPhoto);
      if (isFailure(photo)) return unread('unreadable', photo.message);
      const template = await decodePicture(request.template, (opened) => toSize(opened, size));
      if (isFailure(template)) return unread('crashed', `The template cannot be read: ${template.message}`);
      const transfer = [photo.data.buffer, template.data.buffer];
      const ask = { kind: 'read', script, photo, template } as const;
      const answer = await this.thread.ask({ kind: 'start', script }, ask, this.options.timeMs, transfer);
      switch (answer.kind) {
        case 'sheet-read': {
          const { quality, toPhoto: homography } = answer;
          const labels = answer.labels.map(toSeenLabel);
          return { kind: 'read', quality, labels, toPhoto: (place) => applied(homography, place) };
        }
        case 'template-missing':
          return unread('template-missing', 'What is on the photo does not agree with the template.', answer.quality);
        case 'unanswered':
          return unread(answer.fault, answer.detail);
        case 'failed':
          return unread('crashed', answer.detail);
        case 'started':
          return unread('crashed', 'The thread answered something else.');
      }
    });
    return done ?? unread('busy', 'Too many sheets wait already.');
  }

  override close(): Promise<void> {
    return this.thread.close();
  }
}

/** The template in the size by which places are told. */
function toSize(template: OpenPicture, size: SheetRequest['size']): Promise<Photo> {
  const [width, height] = [Math.round(size.width), Math.round(size.height)];
  return toPhoto({ ...template, width, height, upright: template.upright.resize(width, height, { fit: 'fill' }) });
}

function toSeenLabel({ outline, box: { left, top, right, bottom }, ends, characters }: FoundLabel): SeenLabel {
  return {
    outline,
    box: { kind: 'box', x: left, y: top, width: right - left, height: bottom - top },
    ends: ends.map(([x, y]) => ({ kind: 'point', x, y })),
    characters: characters.flatMap((character, at) =>
      character.startsWord && at > 0 ? [[{ text: ' ', share: 1 }], sharesOf(character)] : [sharesOf(character)],
    ),
  };
}

/** What the first of some choices has where Tesseract is sure of none of them. */
const leastShare = 0.4;

/** Tesseract is sure of each choice by itself: beside one another, each has its part of what all of them have. */
function sharesOf({ choices }: ReadCharacter): SeenCharacter {
  const all = choices.reduce((sum, { sureness }) => sum + sureness, 0);
  const shares = choices.map(({ text, sureness }, at) => {
    return { text, share: at === 0 && all < leastShare ? leastShare : sureness / Math.max(1, all) };
  });
  return shares.filter(({ share }) => share > 0.001).sort((one, other) => other.share - one.share);
}

function unread(reason: SheetUnread['reason'], detail: string, quality: SheetUnread['quality'] = null): SheetUnread {
  return { kind: 'unread', reason, detail, quality };
}
