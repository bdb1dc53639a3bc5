import { isId } from '#libs/kernel';
import { CachedCatalogueSource, SqlLearnerArchive } from '#libs/persistence';
import { RebuildStates, type Rebuilt } from '#libs/tutoring';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { withDatabase } from '../shell/with-database.js';
import { coursesIn } from '../shell/courses-in.js';
import { progressBar } from '../shell/progress-bar.js';

export interface RebuildFlags {
  readonly course?: string;
  readonly all: boolean;
  readonly check: boolean;
  readonly json: boolean;
}

/** Rebuilds or checks states; resolves to the exit code, 1 when a check finds a difference. */
export function rebuildMastery({ course, all, check, json }: RebuildFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    if (course !== undefined && !isId(course)) {
      throw new CommandFailure(EXIT_CODE.settings, `"${course}" is not the id of a course.`);
    }
    const kind = check ? 'check' : all ? 'all' : 'migrate';
    const bar = progressBar(!json);
    return coursesIn(ownerUrl, course ?? null, async (courses, database) => {
      const rebuild = new RebuildStates(new SqlLearnerArchive(database), new CachedCatalogueSource(database));
      const found: (Rebuilt & { course: string })[] = [];
      for (const { actor, id, title } of courses) {
        const rebuilt = await rebuild.execute(actor, id, kind, (done, of) => bar.update(done, of, title));
        found.push({ course: id, ...rebuilt });
        bar.stop();
        if (!json) terminal.line(`  ${title}: ${tell(rebuilt, check)}`);
      }
      if (json) terminal.line(JSON.stringify(found));
      else if (found.length === 0) terminal.line('  There is no course.');
      return check && found.some(({ changed }) => changed > 0) ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
    });
  });
}

function tell({ learners, responses, changed, examples }: Rebuilt, check: boolean): string {
  const what = `${responses} responses of ${learners} learners replayed`;
  if (!check) return `${what}, ${changed} states rebuilt`;
  if (changed === 0) return `${what}, every state is as it was streamed`;
  return `${what}, ${changed} states differ: ${examples.join(', ')}${changed > examples.length ? ', …' : ''}`;
}
