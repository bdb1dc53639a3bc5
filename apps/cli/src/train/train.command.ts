import { Option, type Command } from 'commander';
import { datasetCardSchema } from '#libs/models';
import { backbones, datasetTasks, trainingEngines } from '#libs/training';
import type { ExportDatasetFlags } from './export-dataset.js';
import type { DrawFlowchartsFlags } from './draw-flowcharts.js';
import type { ImportImagesFlags } from './import-images.js';

/** `attune train`: labelled images, from folders to an archive that a model is trained on. */
export function addTrainCommand(program: Command): void {
  const parent = program
    .command('train')
    .description('bring labelled images in, and take them to where models are trained');
  const { consentBasis, splitBy } = datasetCardSchema.shape;
  parent
    .command('import')
    .description('bring a folder of labelled images into a course as a dataset')
    .argument(
      '<folder>',
      'pictures in <label>/<file>, or in <label>/<group>/<file> where no group may stand in two splits; for detection in any ' +
        'folders, and boxes.json at the top that says what is on them',
    )
    .requiredOption('--course <id>', 'the course')
    .requiredOption('--name <name>', 'what the dataset is called')
    .addOption(
      new Option('--consent <basis>', 'why the images may be used').choices(consentBasis.options).makeOptionMandatory(),
    )
    .requiredOption('--licence <licence>', 'of the images, such as CC-BY-4.0')
    .option('--description <text>', 'what they show and where they come from; goes on the card of the model')
    .addOption(
      new Option('--split-by <what>', 'what the folders within a label are').choices(splitBy.options).default('image'),
    )
    .addOption(
      new Option('--task <task>', 'what models learn from it').choices(datasetTasks).default('image-classification'),
    )
    .option('--synthetic', 'a program made the images', false)
    .option('--json', 'print what became of them as JSON and nothing else', false)
    .addHelpText(
      'after',
      '\nExit codes:\n  0  all are there\n  1  some were refused\n  2  there is no such folder or course, or no usable boxes.json',
    )
    .action(async (folder: string, flags: ImportImagesFlags) => {
      const { importImages } = await import('./import-images.js');
      process.exitCode = await importImages(folder, flags);
    });
  parent
    .command('export')
    .description(
      'write what training by files needs into a folder for a Drive: the plan, the frozen dataset, the training package ' +
        'and the notebook. For where the notebook cannot reach this server',
    )
    .argument('<dataset>', 'id of the dataset')
    .requiredOption('--out <folder>', 'where to write')
    .requiredOption('--name <name>', 'what the model will be called')
    .addOption(new Option('--engine <engine>', 'what trains').choices(trainingEngines).default('keras-jax'))
    .addOption(
      new Option(
        '--backbone <network>',
        'what the model grows from; efficientnet-b0 or centre-mobilenet-v2 if you give none, as the dataset wants it',
      ).choices([...backbones['image-classification'], ...backbones['object-detection']]),
    )
    .option('--epochs <count>', 'of the whole network', Number)
    .option('--seed <number>', 'for the splits and the training', Number, 1)
    .option(
      '--settings <file>',
      'JSON with more of the plan, as startTrainingRun takes it: weights to begin with, abstainBelow, numbers such as ' +
        'imageSize, batchSize and learningRate',
    )
    .addHelpText('after', '\nExit codes:\n  0  it is written\n  2  there is no such dataset, or too little is labelled')
    .action(async (dataset: string, flags: ExportDatasetFlags) => {
      const { exportDataset } = await import('./export-dataset.js');
      process.exitCode = await exportDataset(dataset, flags);
    });
  parent
    .command('draw')
    .description(
      'draw flowcharts by chance, photograph them by chance, and write them with what is on them: for the detector of ' +
        'hand-drawn diagrams (`python -m attune_training.drawings.train --drawn`)',
    )
    .requiredOption('--out <folder>', 'where to write drawn.json and the photos')
    .option('--count <count>', 'how many', Number, 320)
    .option('--seed <text>', 'the same seed gives the same photos', 'train')
    .addHelpText('after', '\nExit codes:\n  0  they are written')
    .action(async (flags: DrawFlowchartsFlags) => {
      const { drawFlowcharts } = await import('./draw-flowcharts.js');
      process.exitCode = await drawFlowcharts(flags);
    });
}
