import pg from 'pg';

/** The statements that PostgreSQL clients of this process sent while something ran. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is put back as it was, and called with its own `this`
  const original = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): never {
    const [statement] = args as [string | { text?: string }];
    statements.push(typeof statement === 'string' ? statement : (statement.text ?? 'unknown'));
    return Reflect.apply(original, this, args) as never;
  } as typeof original;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = original;
  }
  return statements;
}
