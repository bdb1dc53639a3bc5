import pg from 'pg';
import { newId, type Stage } from './stage.js';

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * The statements of one recorded response, as the database saw them, to be issued again by the bare driver: the same
 * texts, the same row-level security, parameters of the same size, fresh ids. What it lacks is everything else.
 */
export class BareDriver {
  private constructor(
    private readonly clients: pg.Client[],
    private readonly perLearner: Statement[][],
  ) {}

  /** Records the statements of one response of each learner by running the store itself once. */
  static async capture(stage: Stage, connections: number, run: (index: number) => Promise<void>): Promise<BareDriver> {
    const perLearner: Statement[][] = [];
    const original = pg.Client.prototype.query;
    for (let index = 0; index < connections; index++) {
      const statements: Statement[] = [];
      pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
        const [first, values] = args as [string | Statement, unknown[] | undefined];
        statements.push(
          typeof first === 'string'
            ? { text: first, values: values ?? [] }
            : { name: first.name!, text: first.text, values: first.values },
        );
        return (original as (...all: unknown[]) => unknown).apply(this, args);
      } as typeof original;
      try {
        await run(index);
      } finally {
        pg.Client.prototype.query = original;
      }
      perLearner.push(statements);
    }
    const clients = await Promise.all(
      Array.from({ length: connections }, async () => {
        const client = new pg.Client({ connectionString: stage.appUrl });
        await client.connect();
        return client;
      }),
    );
    return new BareDriver(clients, perLearner);
  }

  /** Issues the statements of one response on the connection of one learner. */
  async respond(index: number): Promise<void> {
    const client = this.clients[index]!;
    const statements = this.perLearner[index]!;
    const [begin, lock, effect, commit] = statements as [Statement, Statement, Statement, Statement];
    const state = this.next(index, effect, lock.values[3] as string);
    await client.query(begin.text);
    await client.query({ ...lock, values: [...lock.values.slice(0, 3), state.responseId] });
    await client.query({ ...effect, values: state.values });
    await client.query(commit.text);
  }

  get statementCount(): number {
    return this.perLearner[0]!.length;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private readonly sequences = new Map<number, number>();

  /** The parameters of the captured effect, with a new response, decision and sequence number. */
  private next(index: number, effect: Statement, oldResponse: string): { responseId: string; values: unknown[] } {
    const { values } = effect;
    const valueOf = (column: string): unknown =>
      values[Number(new RegExp(`\\b${column} = \\$(\\d+)`).exec(effect.text)![1]) - 1];
    const oldSequence = valueOf('sequence') as number;
    const oldDecision = valueOf('decision_id') as string;
    const sequence = (this.sequences.get(index) ?? oldSequence) + 1;
    this.sequences.set(index, sequence);
    const [responseId, decisionId] = [newId(), newId()];
    return {
      responseId,
      values: values.map((value) => {
        if (value === oldSequence && typeof value === 'number') return sequence;
        if (value === oldDecision) return decisionId;
        if (value === oldResponse) return responseId;
        return value;
      }),
    };
  }
}
