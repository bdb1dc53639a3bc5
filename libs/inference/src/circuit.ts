import type { NotInferred } from '#libs/models';
import { notInferred } from './not-inferred.js';

/** When something that keeps failing is left alone, and for how long. */
export interface CircuitOptions {
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds until it is tried again, once. */
  readonly restMs: number;
}

/**
 * Leaves alone what failed several times in a row; after a rest it is tried with one request, and what comes of that decides.
 * Times are milliseconds of any clock that does not go back.
 */
export class Circuit {
  private failed = 0;
  private restsUntil = -Infinity;

  constructor(private readonly options: CircuitOptions) {}

  /** Whether it may be tried now. The first who may after a rest is the one who tries: others wait for another rest. */
  admits(now: number): boolean {
    if (this.failed < this.options.failures) return true;
    if (now < this.restsUntil) return false;
    this.restsUntil = now + this.options.restMs;
    return true;
  }

  /** Milliseconds until it is tried again; 0 while all is well. */
  restAt(now: number): number {
    return this.failed < this.options.failures ? 0 : Math.max(0, this.restsUntil - now);
  }

  succeeded(): void {
    this.failed = 0;
  }

  /** @returns whether it rests from now on */
  fell(now: number): boolean {
    this.failed++;
    if (this.failed < this.options.failures) return false;
    this.restsUntil = now + this.options.restMs;
    return true;
  }
}

/** A circuit for each model, and what is said of those that rest. */
export class ModelCircuits {
  private readonly circuits = new Map<string, Circuit>();

  constructor(private readonly options: CircuitOptions) {}

  /** The refusal for a model that rests; null for one that may be tried. */
  refusal(key: string, now: number): NotInferred | null {
    const circuit = this.circuits.get(key);
    return circuit === undefined || circuit.admits(now) ? null : resting(circuit, now);
  }

  succeeded(key: string): void {
    this.circuits.delete(key);
  }

  /** @returns what to tell those who wait for the model, where it rests from now on */
  fell(key: string, now: number): NotInferred | null {
    let circuit = this.circuits.get(key);
    if (circuit === undefined) {
      circuit = new Circuit(this.options);
      this.circuits.set(key, circuit);
    }
    return circuit.fell(now) ? resting(circuit, now) : null;
  }
}

function resting(circuit: Circuit, now: number): NotInferred {
  const seconds = Math.ceil(circuit.restAt(now) / 1_000);
  return notInferred('broken', `The model has failed several times in a row, and is tried again in ${seconds} s.`);
}
