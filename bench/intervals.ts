import { seededRng } from '#libs/kernel';
import { AttuneChooser, drawGraph, forgetfulWorld, fringeAndBand } from '#libs/recommendation';
import { round } from './support/measure.js';

const learners = Number(process.env['LEARNERS'] ?? 300);
const seed = process.env['SEED'] ?? 'class';
const looksAfter = [10, 20, 40, 80];

/**
 * How often the 90 % interval of a skill's mastery holds the chance that a made-up learner really has on it, by how often
 * she has answered the skill. She is taught by the default policy; all that the model knows of her is her answers.
 */
const world = forgetfulWorld(drawGraph(20, seed));
const bands = [
  { name: 'never', least: 0, most: 0 },
  { name: '1 or 2 times', least: 1, most: 2 },
  { name: '3 to 5 times', least: 3, most: 5 },
  { name: 'more often', least: 6, most: Infinity },
].map((band) => ({ ...band, held: 0, all: 0, width: 0, off: 0 }));
for (let index = 0; index < learners; index++) {
  const chance = seededRng(`${seed}/${index}`);
  const learner = world.drawLearner(chance);
  const chooser = new AttuneChooser(world, fringeAndBand, `${seed}/${index}`);
  for (let step = 1; step <= looksAfter.at(-1)!; step++) {
    const activity = chooser.choose();
    const skillId = activity.skillIds[0]!;
    if (activity.kind === 'exercise') chooser.observe(activity, learner.practise(skillId, chance));
    else {
      learner.takeHelp(skillId, chance);
      chooser.observe(activity, null);
    }
    if (!looksAfter.includes(step)) continue;
    for (const { id } of world.skills) {
      const { low, high, probability, responses } = chooser.input().mastery(id);
      const truth = learner.chanceOf(id);
      const band = bands.find(({ least, most }) => responses >= least && responses <= most)!;
      band.all++;
      band.held += low <= truth && truth <= high ? 1 : 0;
      band.width += high - low;
      band.off += probability - truth;
    }
  }
}
console.log(`${world.name}, ${learners} learners, seed "${seed}"`);
for (const { name, held, all, width, off } of bands.filter((band) => band.all > 0)) {
  const told = [`holds ${round((100 * held) / all, 1)} %`, `mean width ${round(width / all)}`];
  console.log(`  answered ${name.padEnd(13)} ${told.join(', ')}, mean error ${round(off / all, 3)} (${all})`);
}
process.exit(0);
