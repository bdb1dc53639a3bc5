import type { Ticket } from './ticket.js';

/** Examples that wait, in a line for each model. */
export class WaitingList {
  private readonly lines = new Map<string, Set<Ticket>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** How many wait for a model. */
  sizeOf(key: string): number {
    return this.lines.get(key)?.size ?? 0;
  }

  add(ticket: Ticket): void {
    const { key } = ticket.model;
    const line = this.lines.get(key);
    if (line === undefined) this.lines.set(key, new Set([ticket]));
    else line.add(ticket);
    this.count++;
  }

  /** Takes one out, wherever it stands. */
  remove(ticket: Ticket): void {
    const { key } = ticket.model;
    const line = this.lines.get(key);
    if (!line?.delete(ticket)) return;
    this.count--;
    if (line.size === 0) this.lines.delete(key);
  }

  /** The models that somebody waits for, in the turn in which they are served. */
  keys(): string[] {
    return [...this.lines.keys()];
  }

  /** Takes the first of a model's line, at most so many; who must be alone is taken alone. The model goes to the end of the turns. */
  take(key: string, atMost: number): Ticket[] {
    const taken: Ticket[] = [];
    for (const ticket of this.lines.get(key) ?? []) {
      if (taken.length >= atMost || (ticket.isAlone && taken.length > 0)) break;
      taken.push(ticket);
      if (ticket.isAlone) break;
    }
    for (const ticket of taken) this.remove(ticket);
    const rest = this.lines.get(key);
    if (rest !== undefined) {
      this.lines.delete(key);
      this.lines.set(key, rest);
    }
    return taken;
  }

  /** Everyone who waits, or everyone who waits for a model. */
  all(key?: string): Ticket[] {
    const lines = key === undefined ? [...this.lines.values()] : [this.lines.get(key) ?? new Set<Ticket>()];
    return lines.flatMap((line) => [...line]);
  }
}
