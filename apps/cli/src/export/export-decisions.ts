import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isId } from '#libs/kernel';
import { SqlDecisionArchive } from '#libs/persistence';
import { ExportDecisions, type ExportedDecision, type ExportedDecisions } from '#libs/tutoring';
import { coursesIn } from '../shell/courses-in.js';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { progressBar } from '../shell/progress-bar.js';
import { withDatabase } from '../shell/with-database.js';

export interface ExportDecisionsFlags {
  readonly course: string;
  readonly since?: Date;
  readonly out: string;
  readonly json: boolean;
}

/** Writes a log of the decisions of a course; resolves to the exit code. */
export function exportDecisions({ course, since, out, json }: ExportDecisionsFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    if (!isId(course)) throw new CommandFailure(EXIT_CODE.settings, `"${course}" is not the id of a course.`);
    const bar = progressBar(!json);
    return coursesIn(ownerUrl, course, async ([found], database) => {
      const { actor, id, title } = found!;
      const counts: ExportedDecisions = { exported: 0, learners: 0, unanswered: 0, unmarked: 0 };
      const decisions = new ExportDecisions(new SqlDecisionArchive(database)).execute(
        actor,
        id,
        since ?? null,
        counts,
        (done, of) => bar.update(done, of, title),
      );
      try {
        await writeLines(out, decisions);
      } finally {
        bar.stop();
      }
      if (json) terminal.line(JSON.stringify({ course: id, file: out, ...counts }));
      else terminal.line(`  ${title}: ${tell(counts)}, in ${out}`);
      return EXIT_CODE.stopped;
    });
  });
}

/** Writes beside the file and renames at the end, so that nobody finds half a log under its name. */
async function writeLines(file: string, decisions: AsyncIterable<ExportedDecision>): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    await pipeline(toLines(decisions), createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    // What fails with a system call on a file is about the file; the database fails otherwise.
    if (code === undefined || !['open', 'write', 'rename'].includes(syscall ?? '')) throw error;
    throw new CommandFailure(EXIT_CODE.settings, `${file} cannot be written (${code}).`, [], { cause: error });
  }
}

async function* toLines(decisions: AsyncIterable<ExportedDecision>): AsyncGenerator<string> {
  for await (const decision of decisions) yield `${JSON.stringify(decision)}\n`;
}

function tell({ exported, learners, unanswered, unmarked }: ExportedDecisions): string {
  return (
    `${exported} decisions of ${learners} learners; left out: ${unanswered} that nobody answered, ` +
    `${unmarked} that no marked answer has followed yet`
  );
}
