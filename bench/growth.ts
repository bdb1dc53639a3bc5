import pg from 'pg';
import { connectClass } from './support/class.js';
import { median, round, saturate, summarise } from './support/measure.js';
import { Stage } from './support/stage.js';

/** Rows of history that are put in between, other learners' responses, decisions and events. */
const sizes = [10_000, 100_000, 1_000_000];
const seconds = Number(process.env['SECONDS'] ?? 8);
const runs = Number(process.env['RUNS'] ?? 3);

/** Does recording a response stay as fast while the history grows? Each size is measured over several runs. */
const stage = await Stage.open({ learners: 64 });
try {
  const url = await stage.startApi();
  const learners = await connectClass(stage, url, 64);
  await saturate(64, 3, (worker) => learners[worker]!.respond());
  const owner = new pg.Client({ connectionString: stage.ownerUrl });
  owner.on('error', () => undefined); // the stage takes the server away at the end
  await owner.connect();
  let base: number | null = null;
  for (const size of sizes) {
    await fill(owner, size);
    await saturate(64, 2, (worker) => learners[worker]!.respond());
    const rates: number[] = [];
    let durations: number[] = [];
    for (let run = 0; run < runs; run++) {
      const measured = await saturate(64, seconds, (worker) => learners[worker]!.respond());
      rates.push(measured.perSecond);
      durations = durations.concat(measured.durations);
    }
    const rate = median(rates);
    base ??= rate;
    console.log(
      `${size} responses: ${rate}/s (${round(base / rate)}× the time at ${sizes[0]}), ${JSON.stringify(summarise(durations))}`,
    );
  }
  await owner.end();
  for (const { socket } of learners) socket.close();
} finally {
  await stage.close();
}
process.exit(0);

/** Copies what one response left until there are as many as wanted: real rows, with ids and learners of their own. */
async function fill(owner: pg.Client, wanted: number): Promise<void> {
  const { rows } = await owner.query<{ n: string }>('SELECT count(*) AS n FROM responses');
  const missing = wanted - Number(rows[0]!.n);
  if (missing <= 0) return;
  const copies = `SELECT gen_random_uuid() AS id, md5((g / 50)::text)::uuid AS pseudonym, $2::bigint + g AS sequence FROM generate_series(1, $1::int) g`;
  const offset = Number(rows[0]!.n);
  await copy(owner, 'responses', copies, missing, offset, 1);
  await copy(owner, 'decisions', copies, missing, offset, 1);
  await owner.query(
    `INSERT INTO events (institution_id, stream, sequence, type, payload, at)
     SELECT e.institution_id, 'learner/' || md5((g / 50)::text)::uuid, $2::bigint + g, e.type, e.payload, e.at
     FROM (SELECT * FROM events LIMIT 1) e, generate_series(1, $1::int) g`,
    [missing, offset],
  );
  await owner.query('ANALYZE');
}

async function copy(
  owner: pg.Client,
  table: string,
  copies: string,
  count: number,
  offset: number,
  like: number,
): Promise<void> {
  const columns = await owner.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'public' ORDER BY ordinal_position`,
    [table],
  );
  const own = new Set(['id', 'pseudonym', 'sequence']);
  const list = columns.rows.map(({ name }) => name);
  const values = list.map((name) =>
    own.has(name) ? (name === 'sequence' ? 'c.sequence::int' : `c.${name}`) : `s.${name}`,
  );
  await owner.query(
    `INSERT INTO ${table} (${list.join(', ')}) SELECT ${values.join(', ')} FROM (SELECT * FROM ${table} LIMIT ${like}) s, (${copies}) c`,
    [count, offset],
  );
}
