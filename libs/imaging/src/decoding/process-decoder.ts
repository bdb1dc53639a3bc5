import { fileURLToPath } from 'node:url';
import { fail, isFailure, type Failure } from '#libs/kernel';
import { ConfinedProcess, ProcessLost, type ProcessFault, type ProcessLimits } from '#libs/sandbox';
import { Turns } from '../turns.js';
import { decodingLimits, isDecoded, type DecodingAnswer, type DecodingKind, type Decodings } from './decodings.js';

export interface DecoderOptions {
  /** Processes, each with one thing to decode at a time; one is started when there is something to decode. */
  readonly processes: number;
  /** What may wait for its turn. */
  readonly mayWait: number;
  /** Bounds by kind, where they differ from {@link decodingLimits}. */
  readonly limits: Partial<Record<DecodingKind, ProcessLimits>>;
  /** Milliseconds that the start of a process may take. */
  readonly startMs: number;
  /** A process is replaced after so many decodings, or when it holds so many bytes afterwards. */
  readonly uses: number;
  readonly recycleBytes: number;
}

const defaults: DecoderOptions = {
  processes: 2,
  mayWait: 20,
  limits: {},
  startMs: 30_000,
  uses: 500,
  recycleBytes: 384 * 1024 ** 2,
};

/** Beside this file: a test runs the sources, with a loader that its processes inherit. */
const inside = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './decoder.process.ts' : './decoder.process.js', import.meta.url),
);

/** A process that is there, and how often it has decoded. */
interface Hand {
  readonly process: ConfinedProcess;
  uses: number;
}

/** A decoding without an answer. */
class Attempted {
  constructor(
    readonly fault: Exclude<ProcessFault, 'not-started'>,
    readonly wasFresh: boolean,
  ) {}

  /** What was ended from outside was not to blame, and what fell in a process that others have used perhaps neither. */
  get mayBlameAnother(): boolean {
    const hasFallen = this.fault === 'crashed' || this.fault === 'out-of-memory';
    return this.fault === 'interrupted' || (hasFallen && !this.wasFresh);
  }
}

/**
 * Decodes what strangers send, in processes with limits: what takes too long, needs too much memory or brings a decoder down is
 * refused, and takes nobody with it. The processes stay, so that the next decoding begins at once.
 */
export class ProcessDecoder {
  private readonly options: DecoderOptions;
  private readonly turns: Turns;
  private readonly idle: Hand[] = [];
  private readonly busy = new Set<Hand>();
  private isClosed = false;

  /** @param options what differs from the defaults */
  constructor(options: Partial<DecoderOptions> = {}) {
    this.options = { ...defaults, ...options };
    this.turns = new Turns(this.options.processes, this.options.mayWait);
  }

  /**
   * Refuses with what its kind refuses, and with TOO_LARGE, UNSUPPORTED_IMAGE or BUSY where there was no answer.
   * @throws where the decoder cannot be started
   */
  async decode<K extends DecodingKind>(
    kind: K,
    input: Decodings[K]['input'],
    limits: ProcessLimits = this.options.limits[kind] ?? decodingLimits[kind],
  ): Promise<Decodings[K]['output'] | Failure> {
    const decoded = await this.turns.take(async () => {
      const first = await this.attempt(kind, input, limits);
      const isAnswer = !(first instanceof Attempted);
      const last =
        isAnswer || this.isClosed || !first.mayBlameAnother ? first : await this.attempt(kind, input, limits);
      return last instanceof Attempted ? refusals[last.fault] : last;
    });
    return decoded ?? busy;
  }

  /** Ends its processes; what is being decoded is refused. */
  close(): void {
    this.isClosed = true;
    for (const { process } of [...this.idle.splice(0), ...this.busy]) process.close();
  }

  private async attempt<K extends DecodingKind>(
    kind: K,
    input: Decodings[K]['input'],
    limits: ProcessLimits,
  ): Promise<Decodings[K]['output'] | Failure | Attempted> {
    const hand = this.take();
    const wasFresh = hand.uses === 0;
    this.busy.add(hand);
    try {
      if (wasFresh) await hand.process.start(this.options.startMs);
      hand.uses++;
      const answer = (await hand.process.ask({ kind, input }, limits)) as DecodingAnswer<K> | null;
      return wordOf(kind, answer);
    } catch (error) {
      if (!(error instanceof ProcessLost) || error.fault === 'not-started') throw error;
      return new Attempted(error.fault, wasFresh);
    } finally {
      this.busy.delete(hand);
      await this.putBack(hand);
    }
  }

  private take(): Hand {
    for (let hand = this.idle.pop(); hand !== undefined; hand = this.idle.pop()) if (!hand.process.isLost) return hand;
    return this.start();
  }

  private start(): Hand {
    const mostMemory = Math.max(
      ...Object.values({ ...decodingLimits, ...this.options.limits }).map(({ memory }) => memory),
    );
    return { process: new ConfinedProcess(inside, mostMemory), uses: 0 };
  }

  /** Keeps a process for the next decoding, or a new one in its place, which starts meanwhile. */
  private async putBack(hand: Hand): Promise<void> {
    const { uses, recycleBytes } = this.options;
    const isWorn = hand.uses >= uses || (await hand.process.residentBytes()) > recycleBytes;
    if (isWorn) hand.process.close();
    if (this.isClosed) hand.process.close();
    else this.idle.push(hand.process.isLost ? this.start() : hand);
  }
}

function wordOf<K extends DecodingKind>(kind: K, answer: DecodingAnswer<K> | null): Decodings[K]['output'] | Failure {
  if (answer !== null && typeof answer === 'object') {
    if (isFailure(answer)) return answer;
    if (answer.decoded && isDecoded[kind](answer.decoded)) return answer.decoded;
  }
  return refusals.crashed;
}

const busy = fail('BUSY', undefined, { retryAfterSeconds: 2 });

const refusals: Readonly<Record<Attempted['fault'], Failure>> = {
  'too-slow': fail('TOO_LARGE', 'It takes too long to decode. Save it anew, or make it smaller.'),
  'out-of-memory': fail('TOO_LARGE', 'It takes too much memory to decode. Save it anew, or make it smaller.'),
  crashed: fail('UNSUPPORTED_IMAGE', 'It cannot be decoded: the decoder ended over it.'),
  interrupted: busy,
  closed: busy,
};
