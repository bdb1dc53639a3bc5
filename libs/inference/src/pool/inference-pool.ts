import type { Inference, InferenceOptions, NotInferred, RunnableModel, Tensor } from '#libs/models';
import { ModelCircuits } from '../circuit.js';
import { notInferred } from '../not-inferred.js';
import { checkInput, SpareMemory, splitOutputs } from './batches.js';
import { EngineThread, ThreadLost, type EngineSource, type Work } from './engine-thread.js';
import type { EngineReport, ThreadAnswer } from './messages.js';
import { ModelRoom } from './model-room.js';
import { defaultPoolOptions, type PoolOptions } from './pool-options.js';
import { Ticket } from './ticket.js';
import { WaitingList } from './waiting-list.js';

type FailedAnswer = Extract<ThreadAnswer, { kind: 'failed' }>;

/** What is known of a model while the pool lives. */
interface Acquaintance {
  /** Milliseconds that one example of a batch took, smoothed; 0 before the first. */
  msEach: number;
  /** Bytes of its files; 0 before they were read. */
  bytes: number;
}

/**
 * Threads with an engine each, and the line before them. A thread that is free takes what waits at once; while none is,
 * what comes for the same model gathers and is run as a batch. Threads are started when there is work for them.
 */
export class InferencePool {
  private readonly options: PoolOptions;
  private readonly waiting = new WaitingList();
  private readonly circuits: ModelCircuits;
  private readonly acquaintances = new Map<string, Acquaintance>();
  private readonly memory: SpareMemory;
  private readonly room: ModelRoom;
  private threads: EngineThread[] = [];
  private isServing = false;
  private isClosed = false;

  constructor(
    private readonly engine: EngineSource,
    options: Partial<PoolOptions> = {},
  ) {
    this.options = { ...defaultPoolOptions, ...options };
    this.circuits = new ModelCircuits(this.options.circuit);
    this.memory = new SpareMemory(2 * this.options.threads);
    this.room = new ModelRoom(() => this.threads, this.options);
  }

  /** What the engine says of itself, in a thread. */
  async report(): Promise<EngineReport> {
    const absent = (note: string): EngineReport => ({ isThere: false, version: null, formats: [], note });
    if (this.isClosed) return absent('The runtime was closed.');
    const thread = this.threads.find(({ isLost }) => !isLost) ?? this.startThread();
    try {
      const answer = await thread.ask({ kind: 'report' }, this.options.loadMs + this.options.stuckMs);
      return answer.kind === 'report' ? answer.report : absent('It does not say what it is.');
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      return absent(error.message);
    }
  }

  /** @throws {RangeError} where the input is not what the model declares */
  async infer(model: RunnableModel, input: Tensor, options: InferenceOptions = {}): Promise<Inference | NotInferred> {
    checkInput(model, input);
    if (this.isClosed) return notInferred('cancelled', 'The runtime was closed.');
    if (options.signal?.aborted) return notInferred('cancelled', 'Whoever asked no longer wants it.');
    if (this.waiting.size >= this.options.waiting) return notInferred('busy', `${this.waiting.size} wait already.`);
    const refusal = this.circuits.refusal(model.key, performance.now());
    if (refusal !== null) return refusal;
    const timeout = options.timeout ?? this.options.timeoutMs;
    const ticket = new Ticket(model, input, { ...options, timeout }, (settled) => this.waiting.remove(settled));
    this.waiting.add(ticket);
    this.serveSoon();
    return ticket.answer;
  }

  async evict(key: string): Promise<void> {
    this.acquaintances.delete(key);
    this.circuits.succeeded(key);
    const letGo = (thread: EngineThread): Promise<void> => {
      const work = thread.ahead ?? thread.work;
      if (work?.key !== key) return this.room.letGo(thread, key);
      work.isLast = true;
      return work.done;
    };
    await Promise.all(this.threads.map(letGo));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const ticket of this.waiting.all()) ticket.refuse('cancelled', 'The runtime was closed.');
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  /** What each thread holds: the keys of the models and the bytes of their files. */
  held(): ReadonlyMap<string, number>[] {
    return this.threads.map(({ models }) => new Map([...models].map(([key, { bytes }]) => [key, bytes])));
  }

  /** After this turn of the event loop's microtasks, so that what is asked for together is seen together. */
  private serveSoon(): void {
    if (this.isServing) return;
    this.isServing = true;
    queueMicrotask(() => {
      this.isServing = false;
      this.serve();
    });
  }

  private serve(): void {
    this.threads = this.threads.filter(({ isLost }) => !isLost);
    for (const key of this.waiting.keys()) {
      while (this.waiting.sizeOf(key) > 0) {
        const free = this.options.threads - this.threads.filter(({ work }) => work !== null).length;
        if (free <= 0) return this.serveAhead();
        const thread = this.pickThread(key);
        // Where there is no room beside the models that are being run, it waits until one of those is done.
        if (!thread.models.has(key) && !this.room.fits(this.acquaintance(key).bytes)) break;
        this.begin(thread, key, this.waiting.take(key, this.batchSize(key, free)));
      }
    }
  }

  /**
   * Where one model is asked for more than all threads can take, each is given its next batch while it runs one: it would
   * else be idle until this thread has noticed, which is a few hundredths of the time.
   */
  private serveAhead(): void {
    const [key, ...others] = this.waiting.keys();
    if (key === undefined || others.length > 0) return;
    for (const thread of this.threads) {
      if (this.waiting.sizeOf(key) < 2 * this.options.threads) return;
      if (thread.work?.key !== key || thread.work.isLast || thread.ahead !== null || !thread.models.has(key)) continue;
      this.begin(thread, key, this.waiting.take(key, this.batchSize(key, this.options.threads)));
    }
  }

  private begin(thread: EngineThread, key: string, tickets: readonly Ticket[]): void {
    const end = async (): Promise<void> => {
      if (work.isLast) await this.room.letGo(thread, key);
      thread.work = thread.ahead;
      thread.ahead = null;
      this.serveSoon();
    };
    const isAhead = thread.work !== null;
    const isFirst = (): boolean => thread.work === work;
    const work: Work = { key, isLast: false, done: this.work(thread, tickets, isFirst).then(end) };
    if (isAhead) thread.ahead = work;
    else thread.work = work;
  }

  /** One that is free and has the model, else one that has started, else a new one. */
  private pickThread(key: string): EngineThread {
    const free = this.threads.filter(({ work }) => work === null);
    return free.find(({ models }) => models.has(key)) ?? free[0] ?? this.startThread();
  }

  private startThread(): EngineThread {
    const thread = new EngineThread(this.engine, this.options.heapBytes);
    this.threads.push(thread);
    return thread;
  }

  /** What waits is shared among the threads that are free; a batch ends in time. */
  private batchSize(key: string, free: number): number {
    const { batch, batchMs } = this.options;
    const { msEach } = this.acquaintance(key);
    const inTime = msEach > 0 ? Math.floor(batchMs / msEach) : batch;
    return Math.max(1, Math.min(batch, inTime, Math.ceil(this.waiting.sizeOf(key) / free)));
  }

  /** @param isFirst whether the thread was working on this, and on nothing before it */
  private async work(thread: EngineThread, taken: readonly Ticket[], isFirst: () => boolean): Promise<void> {
    const { model } = taken[0]!;
    // Where it may be the fault of one of several, each is tried again by itself.
    let again = false;
    try {
      const trouble = await this.bringIn(thread, model);
      // Loading takes a while: who has left meanwhile is not worked for.
      const tickets = taken.filter(({ isSettled }) => !isSettled);
      if (trouble === 'no-room') return tickets.forEach((ticket) => this.waiting.add(ticket));
      if (trouble !== null) return this.failed(model.key, tickets, trouble);
      if (tickets.length === 0) return;
      const data = this.memory.join(tickets.map(({ input }) => input));
      again = tickets.length > 1;
      const batch = { key: model.key, count: tickets.length, data };
      const patience = isFirst() ? this.options.stuckMs : 2 * this.options.stuckMs;
      this.deliver(model.key, tickets, await thread.ask({ kind: 'run', batch }, patience, [data.buffer]));
    } catch (error) {
      if (!(error instanceof ThreadLost)) for (const ticket of taken) ticket.fail(error);
      else if (error.fault === 'closed') for (const ticket of taken) ticket.refuse('cancelled', error.message);
      else if (isFirst()) this.failed(model.key, taken, broken(error.message), { again });
      else for (const ticket of taken.filter(({ isSettled }) => !isSettled)) this.waiting.add(ticket);
    }
  }

  private deliver(key: string, tickets: readonly Ticket[], answer: ThreadAnswer): void {
    if (answer.kind === 'failed') return this.failed(key, tickets, answer, { again: tickets.length > 1 });
    if (answer.kind !== 'outputs') return this.failed(key, tickets, broken('It gave no outputs.'));
    this.memory.keep(answer.memory);
    const outputs = splitOutputs(answer.outputs, tickets.length);
    if (typeof outputs === 'string') return this.failed(key, tickets, broken(outputs));
    this.circuits.succeeded(key);
    const known = this.acquaintance(key);
    const msEach = answer.milliseconds / tickets.length;
    known.msEach = known.msEach === 0 ? msEach : 0.8 * known.msEach + 0.2 * msEach;
    tickets.forEach((ticket, at) => ticket.settle(outputs[at]!));
  }

  /**
   * Refuses them, or lets them try once more, each by itself, where it may be the fault of one of them. A model that has
   * failed too often rests: who waits for it is refused.
   */
  private failed(
    key: string,
    tickets: readonly Ticket[],
    { reason, detail }: FailedAnswer,
    { again = false } = {},
  ): void {
    for (const ticket of tickets) {
      if (ticket.isSettled) continue;
      if (again && !ticket.isAlone && !this.isClosed) {
        ticket.isAlone = true;
        this.waiting.add(ticket);
      } else {
        ticket.refuse(reason, detail);
      }
    }
    if (reason !== 'broken') return;
    const refusal = this.circuits.fell(key, performance.now());
    if (refusal !== null) for (const ticket of this.waiting.all(key)) ticket.settle(refusal);
  }

  /** Loads a model into a thread, if it is not there. @returns what kept it from that, or `no-room` for now */
  private async bringIn(thread: EngineThread, model: RunnableModel): Promise<FailedAnswer | 'no-room' | null> {
    const { key, format, entry, input, outputs } = model;
    const held = thread.models.get(key);
    if (held !== undefined) {
      held.usedAt = performance.now();
      return null;
    }
    const files = await readFiles(model);
    if (!(files instanceof Map)) return files;
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const { modelBytes, loadMs } = this.options;
    if (bytes > modelBytes) return broken(`The model has ${bytes} bytes, and there is room for ${modelBytes}.`);
    this.acquaintance(key).bytes = bytes;
    if (!this.room.fits(bytes)) return 'no-room';
    this.room.makeFor(bytes);
    // Counted from now on, so that two that load at the same time do not both take the last room.
    thread.models.set(key, { bytes, usedAt: performance.now() });
    const request = { kind: 'load', model: { key, format, entry, input, outputs, files } } as const;
    const transfer = [...files.values()].map(({ buffer }) => buffer);
    let isLoaded = false;
    try {
      const answer = await thread.ask(request, loadMs, transfer);
      isLoaded = answer.kind !== 'failed';
      return answer.kind === 'failed' ? answer : null;
    } finally {
      if (!isLoaded) thread.models.delete(key);
    }
  }

  private acquaintance(key: string): Acquaintance {
    let known = this.acquaintances.get(key);
    if (known === undefined) {
      known = { msEach: 0, bytes: 0 };
      this.acquaintances.set(key, known);
    }
    return known;
  }
}

function broken(detail: string): FailedAnswer {
  return { kind: 'failed', reason: 'broken', detail };
}

/** Copies of the files that can be given away: what a package has read may be a part of something larger. */
async function readFiles(model: RunnableModel): Promise<Map<string, Uint8Array<ArrayBuffer>> | FailedAnswer> {
  try {
    const files = await model.files();
    return new Map([...files].map(([path, content]) => [path, Uint8Array.from(content)]));
  } catch (error) {
    return broken(`The files of the model cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
