import { isId } from '#libs/kernel';
import { SqlPopulationStore, CachedCatalogueSource } from '#libs/persistence';
import { SystemClock } from '#libs/platform';
import { FitPopulation, type FittedPopulation } from '#libs/tutoring';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { withDatabase } from '../shell/with-database.js';
import { coursesIn } from '../shell/courses-in.js';
import { progressBar } from '../shell/progress-bar.js';

export interface FitFlags {
  readonly course?: string;
  readonly json: boolean;
}

/** Fits the weights of courses to their responses; resolves to the exit code. */
export function fitMastery({ course, json }: FitFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    if (course !== undefined && !isId(course)) {
      throw new CommandFailure(EXIT_CODE.settings, `"${course}" is not the id of a course.`);
    }
    const bar = progressBar(!json);
    return coursesIn(ownerUrl, course ?? null, async (courses, database) => {
      const catalogues = new CachedCatalogueSource(database);
      const fit = new FitPopulation(new SqlPopulationStore(database), catalogues, new SystemClock());
      const found: (FittedPopulation & { course: string })[] = [];
      for (const { actor, id, title } of courses) {
        let iterations = 0;
        // Nobody knows how many iterations there will be: the bar nears its end without reaching it.
        const fitted = await fit.execute(actor, id, (what, loss) =>
          bar.update(
            Math.round(100 * (1 - Math.exp(-iterations++ / 80))),
            100,
            `${title}: ${what}, loss ${loss.toFixed(4)}`,
          ),
        );
        bar.stop();
        found.push({ course: id, ...fitted });
        if (!json) terminal.line(`  ${title}: ${tell(fitted)}`);
      }
      if (json) terminal.line(JSON.stringify(found));
      else if (found.length === 0) terminal.line('  There is no course.');
      return EXIT_CODE.stopped;
    });
  });
}

function tell(fitted: FittedPopulation): string {
  if (fitted.kind === 'too-few-learners') return `${fitted.learners} learners are too few to fit to`;
  const { before, fitted: after, learners, responses, number } = fitted;
  const change =
    `${responses} responses of ${learners} learners; on those left out: ` +
    `log loss ${before.logLoss.toFixed(4)} → ${after.logLoss.toFixed(4)}, AUC ${before.auc.toFixed(4)} → ${after.auc.toFixed(4)}`;
  if (fitted.kind === 'published') return `snapshot ${number} from ${change}`;
  if (fitted.kind === 'no-better') return `nothing changed: a fit predicts no better (${change})`;
  return `nothing changed: somebody else published a snapshot meanwhile (${change})`;
}
