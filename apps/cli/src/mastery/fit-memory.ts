import { isId } from '#libs/kernel';
import { SqlLearnerArchive } from '#libs/persistence';
import { FitMemory, type FittedMemories } from '#libs/tutoring';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { progressBar } from '../shell/progress-bar.js';
import { withDatabase } from '../shell/with-database.js';
import { coursesIn } from '../shell/courses-in.js';

export interface FitMemoryFlags {
  readonly course?: string;
  readonly all: boolean;
  readonly json: boolean;
}

/** Fits weights of memory to learners; resolves to the exit code. */
export function fitMemory({ course, all, json }: FitMemoryFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    if (course === undefined && !all) {
      throw new CommandFailure(EXIT_CODE.settings, 'Give the id of a course with --course, or --all.');
    }
    if (course !== undefined && !isId(course)) {
      throw new CommandFailure(EXIT_CODE.settings, `"${course}" is not the id of a course.`);
    }
    const bar = progressBar(!json);
    return coursesIn(ownerUrl, course ?? null, async (courses, database) => {
      const fit = new FitMemory(new SqlLearnerArchive(database));
      const found: (FittedMemories & { course: string; seconds: number })[] = [];
      for (const { actor, id, title } of courses) {
        const begun = performance.now();
        const fitted = await fit.execute(actor, id, (done, of) => bar.update(done, of, title));
        const seconds = Math.round(performance.now() - begun) / 1000;
        bar.stop();
        found.push({ course: id, ...fitted, seconds });
        if (!json) terminal.line(`  ${title}: ${tell(fitted)}, in ${seconds.toFixed(1)} s`);
      }
      if (json) terminal.line(JSON.stringify(found));
      else if (found.length === 0) terminal.line('  There is no course.');
      return EXIT_CODE.stopped;
    });
  });
}

function tell({ learners, trained, kept, heldOut, before, after }: FittedMemories): string {
  const whom = `${trained} of ${learners} learners have reviews enough`;
  if (before === null || after === null) return whom;
  return (
    `${whom}, ${kept} of them weights of their own now; on ${heldOut} reviews that were held out: ` +
    `log loss ${before.toFixed(4)} → ${after.toFixed(4)}`
  );
}
