import { InvalidArgumentError, Option, type Command } from 'commander';
import { engagementSets, type EngagementFlags } from './engagement/engagement-flags.js';
import { gradingSets, type GradingFlags } from './grading/grading-flags.js';
import type { HeadFlags } from './head-flags.js';
import { dataFormats, masteryModels, type MasteryFlags } from './mastery-flags.js';
import type { PolicyFlags } from './policy-flags.js';

/** `attune evaluate`: how good a method is, on data with known outcomes. */
export function addEvaluateCommand(program: Command): void {
  const evaluate = program.command('evaluate').description('how good a method is, on data whose outcomes are known');
  evaluate
    .command('mastery')
    .description('fit a student model to some learners and score its predictions of the next answer on others')
    .addOption(new Option('--format <format>', 'format of the files').choices(dataFormats).makeOptionMandatory())
    .requiredOption('--train <files...>', 'learners to fit the model to')
    .requiredOption('--test <files...>', 'learners to score it on, once')
    .option('--items <file>', 'gervet: the skills of each item, for items with several (item_id,skill_ids)')
    .addOption(new Option('--model <model>', 'student model').choices(masteryModels).default('attune'))
    .option('--online', 'one pass over the learners in a random order instead of a fit', false)
    .option('--compare', 'the difference to Best-LR, by a paired bootstrap over learners', false)
    .option('--seed <text>', 'the same seed gives the same figures', 'attune')
    .option('--plot <file>', 'write a calibration plot, as SVG')
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: MasteryFlags) => {
      const { runEvaluateMastery } = await import('./run-evaluate-mastery.js');
      process.exitCode = await runEvaluateMastery(flags);
    });
  evaluate
    .command('head')
    .description('train small heads on few labelled pictures, again and again, and score them on the others')
    .requiredOption('--data <paths...>', 'folders with a folder of pictures for each label, or JSON files of boxes')
    .option('--group <regexp>', 'folders: its first group in a file’s name says whose picture it is')
    .option('--labels <count>', 'the most frequent labels only', numberFrom(2, 100), 100)
    .option('--most <count>', 'pictures of one label at most', numberFrom(10, 1e6), 150)
    .option('--margin <share>', 'boxes: what is left around them, by their longer side', numberFrom(0, 2), 0.1)
    .option('--window <pixels>', 'boxes: cut out a square of this side around their middle', numberFrom(8, 4_096))
    .option('--per <counts...>', 'pictures of each label to learn from', ['5', '10', '20'])
    .option('--draws <count>', 'how often they are drawn', numberFrom(1, 1_000), 10)
    .option('--seed <text>', 'the same seed gives the same figures', 'attune')
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: HeadFlags) => {
      const { runEvaluateHead } = await import('./run-evaluate-head.js');
      process.exitCode = await runEvaluateHead(flags);
    });
  evaluate
    .command('grading')
    .description('grade published work whose right grades are known, and score the grades')
    .addOption(new Option('--set <set>', 'whose work it is').choices(gradingSets).makeOptionMandatory())
    .option('--train <paths...>', 'work to learn from, where the set has any', [])
    .requiredOption('--test <path>', 'work to be scored on')
    .option('--labels-per-class <count>', 'how many examples of each label to learn from', numberFrom(1, 1_000))
    .option('--others <paths...>', 'bccd: pictures of other things, to be told as off topic; else some are drawn', [])
    .option('--seed <text>', 'the same seed gives the same figures', 'attune')
    .option('--report <folder>', 'write a page with the worst cases, drawn over')
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: GradingFlags) => {
      const { runEvaluateGrading } = await import('./grading/run-evaluate-grading.js');
      process.exitCode = await runEvaluateGrading(flags);
    });
  evaluate
    .command('engagement')
    .description('tell from behaviour what comes, on published sets where it is known what came, and score it')
    .addOption(new Option('--set <set>', 'whose behaviour it is').choices(engagementSets).makeOptionMandatory())
    .requiredOption('--data <folder>', 'where the files of the set are, packed by gzip or not')
    .option('--seed <text>', 'the same seed gives the same figures', 'attune')
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: EngagementFlags) => {
      const { runEvaluateEngagement } = await import('./engagement/run-evaluate-engagement.js');
      process.exitCode = await runEvaluateEngagement(flags);
    });
  evaluate
    .command('policy')
    .description('estimate from logged decisions what another policy would have earned')
    .requiredOption('--log <file>', 'decisions with their rewards, one JSON object a line: see docs/decision-log.md')
    .requiredOption(
      '--policy <name>',
      'the policy to ask about: "logged" for the target of each line, "uniform", or a policy’s name, perhaps @version',
    )
    .option('--temperature <utility>', 'another temperature of that policy’s softmax', numberFrom(1e-6, 1e6))
    .option('--epsilon <share>', 'another uniform share of it, 0 to 1', numberFrom(0, 1))
    .option('--repeats <count>', 'draws of the bootstrap', numberFrom(10, 1e6), 1_000)
    .option('--seed <text>', 'the same seed gives the same intervals', 'attune')
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: PolicyFlags) => {
      const { runEvaluatePolicy } = await import('./run-evaluate-policy.js');
      process.exitCode = await runEvaluatePolicy(flags);
    });
}

function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  };
}
