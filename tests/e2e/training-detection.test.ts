import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type DatasetView, type LabelledImageView } from '#libs/client';
import { isFailure } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { ArchiveStore, FreezeDataset, trainingPlanSchema, type Dataset } from '#libs/training';
import { attune } from '../support/attune-command.js';
import { newId } from '../support/api.js';
import { boxedFiles, drawBoxes, readBoxes, writeFiles } from '../support/boxes.js';
import { FolderDesk } from '../support/folder-desk.js';
import { zipOf } from '../support/folder-zip.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import { RunDesk } from '../support/run-desk.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { importShapes } from '../support/training.js';
import { upload } from '../support/work.js';

const pictures = 24;

describe('datasets for detection', () => {
  let place: ModelSchool;
  let school: School;
  let other: School;
  let desk: FolderDesk;
  let runs: RunDesk;
  let files: Readonly<Record<string, Buffer | string>>;
  let imported: string;
  let shapes: string;

  beforeAll(async () => {
    place = await ModelSchool.open('detection-school');
    ({ school } = place);
    other = await foundSchool(place.api.app, 'other-detection-school');
    [desk, runs] = [new FolderDesk(place), new RunDesk(place)];
    files = await boxedFiles(pictures);
    shapes = await importShapes(place.api, school, place.data);
    imported = await importBoxes();
  }, 120_000);
  afterAll(() => place?.close());

  const environment = () => ({ DATABASE_URL: place.api.database.ownerUrl, ATTUNE_DATA_DIR: place.data });
  const importBoxes = async (): Promise<string> => {
    const root = join(place.data, 'cells');
    await writeFiles(root, { ...files, 'large/unnamed.png': 'x', 'small/.DS_Store': 'x' });
    const about = ['--course', school.courseId, '--name', 'Cells', '--consent', 'generated', '--licence', 'CC0-1.0'];
    const flags = ['--split-by', 'source', '--synthetic', '--task', 'object-detection', '--json'];
    const { code, stdout, stderr } = await attune(['train', 'import', root, ...about, ...flags], environment());
    expect([code, stderr]).toEqual([1, '']);
    const told = JSON.parse(stdout) as { datasetId: string; added: number; refused: object[] };
    expect(told).toMatchObject({
      added: pictures,
      refused: [{ file: 'large/unnamed.png', reason: 'boxes.json does not name it.' }],
    });
    return told.datasetId;
  };
  const aDataset = (more: object = {}) => ({
    id: newId(),
    courseId: school.courseId,
    name: 'Cells',
    description: 'Cells and spores, drawn by a program.',
    consentBasis: 'generated',
    licence: 'CC0-1.0',
    isSynthetic: true,
    splitBy: 'image',
    task: 'object-detection',
    ...more,
  });
  const create = (input: object, person = school.teacher) =>
    place.call(person, operations.createTrainingDataset, { input });
  const label = (datasetId: string, images: object[], person = school.teacher) =>
    place.call(person, operations.labelImages, { input: { datasetId, images } });
  const imagesOf = async (id: string): Promise<LabelledImageView[]> =>
    (await desk.dataset(id)).images.edges.map(({ node }: Told) => node);
  const box = { label: 'cell', x: 1, y: 2, width: 3.5, height: 4 };

  it('take boxes in the place of a label, and count them', async () => {
    const input = aDataset();
    expect((await create(input)) as DatasetView).toMatchObject({ id: input.id, task: 'object-detection', labels: [] });
    expect(await create(input)).toMatchObject({ id: input.id });
    expect(await create({ ...input, task: 'image-classification' })).toMatchObject({ code: 'ID_REUSED' });
    const small = await upload(place.api.url, school.teacher.token, (await drawBoxes(90, 320)).bytes);
    const large = await upload(place.api.url, school.teacher.token, (await drawBoxes(91, 3_200)).bytes);
    const boxes = [{ ...box, keypoints: { tip: [2, 2] } }, box, { ...box, label: 'spore' }];
    const one = { id: newId(), fileId: small.id, boxes };
    const two = { id: newId(), fileId: large.id, boxes: [] };
    const outcomes = async (...images: object[]): Promise<Told> => (await label(input.id, images)).outcomes;
    expect(await outcomes(one, two)).toMatchObject([{ outcome: 'added' }, { outcome: 'added' }]);
    expect(await outcomes(one, two)).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'unchanged' }]);
    // What is kept of the large one is 2,048 pixels wide, and boxes are in its pixels.
    const corner = { ...box, x: 2_000, y: 1_000, width: 48, height: 24 };
    expect(await outcomes({ ...two, boxes: [corner] })).toMatchObject([{ outcome: 'relabelled' }]);
    expect((await desk.dataset(input.id)).labels).toEqual([
      { label: 'cell', images: 2, groups: 0, boxes: 3 },
      { label: 'spore', images: 1, groups: 0, boxes: 1 },
    ]);
    expect(await imagesOf(input.id)).toMatchObject([
      { label: null, boxes: [{ ...corner, keypoints: {} }] },
      { label: null, boxes: [boxes[0], { ...box, keypoints: {} }, { ...box, label: 'spore', keypoints: {} }] },
    ]);
  });

  it('say which box is wrong, and take nothing that is for another task', async () => {
    const { id } = await create(aDataset());
    const { id: fileId } = await upload(place.api.url, school.teacher.token, (await drawBoxes(92, 320)).bytes);
    const image = { id: newId(), fileId };
    const refusals = async (datasetId: string, ...images: object[]): Promise<Told[]> =>
      (await label(datasetId, images)).outcomes.map(({ code, issues }: Told) => [
        code,
        issues.map(({ path }: Told) => path),
      ]);
    const outside = [box, { ...box, x: 317 }, { ...box, keypoints: { tip: [0, 161] } }];
    expect(
      await refusals(
        id,
        { ...image, boxes: outside },
        { ...image, label: 'cell' },
        { ...image, label: 'cell', boxes: [box] },
        image,
      ),
    ).toEqual([
      ['INVALID_INPUT', ['boxes.1', 'boxes.2.keypoints.tip']],
      ['INVALID_INPUT', ['boxes', 'label']],
      ['INVALID_INPUT', ['label']],
      ['INVALID_INPUT', ['boxes']],
    ]);
    const classified = (await create(aDataset({ task: null }))) as DatasetView;
    expect(classified.task).toBe('image-classification');
    expect(await refusals(classified.id, { ...image, boxes: [box] }, { ...image, label: 'a', boxes: [] })).toEqual([
      ['INVALID_INPUT', ['label', 'boxes']],
      ['INVALID_INPUT', ['boxes']],
    ]);
    const issues = async (boxes: object[]): Promise<string[]> =>
      (await label(id, [{ ...image, boxes }])).issues.map(({ path }: Told) => path);
    expect(await issues([box, { ...box, width: 0 }])).toEqual(['images.0.boxes.1.width']);
    expect(await issues([{ ...box, x: -1, label: ' ' }])).toEqual(['images.0.boxes.0.label', 'images.0.boxes.0.x']);
    expect(await issues([{ ...box, keypoints: { tip: [1] } }])).toEqual(['images.0.boxes.0.keypoints.tip']);
    expect(await issues(Array.from({ length: 501 }, () => box))).toEqual(['images.0.boxes']);
    expect(await create(aDataset({ task: 'engagement-window' }))).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await desk.dataset(id)).labels).toEqual([]);
  });

  it('come from a folder with boxes.json, scaled with their pictures', async () => {
    expect((await desk.dataset(imported)).labels).toEqual([
      { label: 'cell', images: pictures, groups: 8, boxes: pictures },
      { label: 'spore', images: pictures, groups: 8, boxes: pictures },
    ]);
    const index = await frozenIndex(imported);
    expect(index).toMatchObject({
      task: 'object-detection',
      labels: ['cell', 'spore'],
      card: { examples: pictures, perLabel: { cell: pictures, spore: pictures }, splitBy: 'source' },
    });
    for (const item of index.items) {
      expect(item).toMatchObject({ label: null, path: expect.stringMatching(/^\w+\/images\/[0-9a-f]{64}\.png$/) });
      expect(['phone', 'scanner']).toContain(item.attributes['device']);
    }
    const groups = new Map<string, Set<string>>();
    for (const { group, split } of index.items) groups.set(group!, (groups.get(group!) ?? new Set()).add(split));
    expect([...groups.values()].every((splits) => splits.size === 1)).toBe(true);
  });

  /** The index of an archive, once it is sure that the pictures, as they are kept, have the things where the boxes are. */
  const indexOf = async (path: string): Promise<Dataset> => {
    const { index, widths, misplaced } = await readBoxes(path);
    expect([widths, misplaced]).toEqual([[320, 2_048], []]);
    return index;
  };
  const frozenIndex = async (datasetId: string): Promise<Dataset> => {
    const freeze = place.api.app.get(FreezeDataset, { strict: false });
    const frozen = await freeze.execute(dangerousSystemActor(school.institutionId), datasetId, 1);
    if (isFailure(frozen)) throw new Error(JSON.stringify(frozen));
    const archives = place.api.app.get(ArchiveStore, { strict: false });
    const path = (await archives.locate(school.institutionId, frozen.sha256))!;
    checkWithPython(path);
    return indexOf(path);
  };

  /** Opens an archive as training does. */
  const checkWithPython = (path: string): void => {
    const script = `import sys, pathlib
from attune_training.dataset import open_dataset
dataset = open_dataset(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
print(dataset.task, len(dataset.items), sum(len(item["boxes"]) for item in dataset.items))`;
    const cwd = join(import.meta.dirname, '../../training');
    const named = process.env['ATTUNE_TRAINING_PYTHON'] ?? 'python3';
    const python = spawnSync(named, ['-c', script, path, join(place.data, 'unpacked')], { cwd, encoding: 'utf8' });
    const isMissing = python.error !== undefined || /ModuleNotFoundError|SyntaxError/.test(python.stderr);
    if (isMissing) console.warn('not checked with Python: it, or its package jsonschema, is not here');
    else expect(python.stdout.trim(), python.stderr).toBe(`object-detection ${pictures} ${2 * pictures}`);
  };

  it('come in one zip with boxes.json, each picture with an outcome', async () => {
    const { id } = await create(aDataset({ splitBy: 'source' }));
    const { images } = JSON.parse(files['boxes.json'] as string) as { images: { path: string; group?: string }[] };
    const { group: _, ...ungrouped } = images[2]!;
    const lying = { ...images[1]!, width: 160, height: 320, boxes: [] };
    const index = { images: [images[0], lying, ungrouped, { ...images[3], path: 'gone.png' }] };
    const zip = { ...files, 'boxes.json': JSON.stringify(index), 'small/broken.png': 'x', 'small/Thumbs.db': 'x' };
    const done = await desk.bringIn(await zipOf(zip), id);
    expect(done).toMatchObject({ state: 'done', added: 1, files: pictures + 2, refused: pictures + 1 });
    const reasons = Object.fromEntries(done.refusals.map(({ path, message }) => [path, message]));
    expect(reasons).toMatchObject({
      'gone.png': 'boxes.json names it, and it is not there.',
      'large/2.png': 'group: is needed: the dataset is split by source',
      'small/1.png': expect.stringContaining('boxes.json says 160 × 320 pixels'),
      'small/3.png': 'boxes.json does not name it.',
    });
    const [first] = await imagesOf(id);
    const [cell] = first!.boxes!;
    expect(cell).toMatchObject({ label: 'cell', x: 64, y: 64, width: 384, height: 512, keypoints: { tip: [256, 64] } });
    for (const [without, code, words] of [
      [{ 'a/1.png': files['small/1.png']! }, 'INVALID_INPUT', 'There is no boxes.json'],
      [{ 'boxes.json': '[', '1.png': files['small/1.png']! }, 'INVALID_INPUT', 'no JSON'],
      [{ 'boxes.json': files['boxes.json']!, '1.png': files['small/1.png']! }, 'INVALID_INPUT', 'tells of no picture'],
    ] as const) {
      const failed = await desk.bringIn(await zipOf(without), id);
      expect(failed).toMatchObject({ state: 'failed', code, message: expect.stringContaining(words), added: 0 });
    }
  });

  it('are trained on by detectors, and by nothing else', async () => {
    const { code, id } = await runs.waiting(imported, { backbone: 'centre-tiny' });
    expect(await runs.read(id)).toMatchObject({ task: 'object-detection', backbone: 'centre-tiny' });
    const plan = await runs.plan(code);
    expect(plan).toMatchObject({ task: 'object-detection', engine: 'keras-jax', backbone: 'centre-tiny' });
    const archives = place.api.app.get(ArchiveStore, { strict: false });
    const index = await indexOf((await archives.locate(school.institutionId, plan.dataset.sha256))!);
    expect(index.items).toHaveLength(pictures);

    const issues = async (datasetId: string, more: object): Promise<string[]> => {
      const input = { id: newId(), courseId: school.courseId, datasetId, name: 'Wrong', engine: 'keras-jax', ...more };
      const told = await place.call(school.teacher, operations.startTrainingRun, { input });
      return told.issues.map(({ path, message }: Told) => `${path} ${message}`);
    };
    expect(await issues(imported, { backbone: 'tiny-convnet' })).toEqual([
      'backbone keras-jax has centre-mobilenet-v2, centre-tiny for object-detection',
    ]);
    expect(await issues(imported, { engine: 'node', backbone: 'classical' })).toEqual([
      expect.stringMatching(/^engine trains heads for image-classification/),
    ]);
    expect(await issues(imported, { engine: 'torch-xla', backbone: 'centre-tiny' })).toEqual([
      expect.stringMatching(/^engine does not train for object-detection/),
    ]);
    expect(await issues(shapes, { backbone: 'centre-tiny' })).toEqual([expect.stringMatching(/^backbone /)]);
    const project = { id: newId(), datasetId: imported, name: 'Cells' };
    expect(await place.call(school.teacher, operations.createTestSet, { input: project })).toMatchObject({
      issues: [{ path: 'datasetId', message: expect.stringContaining('object-detection') }],
    });
  });

  it('go by files too', async () => {
    const out = join(place.data, 'for a drive');
    const run = (...more: string[]) =>
      attune(['train', 'export', imported, '--out', out, '--name', 'Cells', ...more], environment());
    const refused = await run('--backbone', 'tiny-convnet');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('centre-mobilenet-v2, centre-tiny')]);
    expect((await run('--engine', 'torch-xla')).code).toBe(2);
    const written = await run('--epochs', '3');
    expect(written.code, written.stderr).toBe(0);
    const plan = trainingPlanSchema.parse(JSON.parse(await readFile(join(out, 'plan.json'), 'utf8')));
    expect(plan).toMatchObject({ task: 'object-detection', backbone: 'centre-mobilenet-v2', numbers: { epochs: 3 } });
    checkWithPython(join(out, 'dataset.zip'));
  });

  it('are the business of those who teach the course', async () => {
    const run = { id: newId(), courseId: school.courseId, datasetId: imported, name: 'Run', engine: 'keras-jax' };
    const start = (person: Person) =>
      place.call(person, operations.startTrainingRun, { input: { ...run, backbone: 'centre-tiny' } });
    for (const [person, code] of [
      [place.learner, 'FORBIDDEN'],
      [await school.join('teacher', null), 'NOT_FOUND'],
      [other.teacher, 'NOT_FOUND'],
      [other.admin, 'NOT_FOUND'],
    ] as const) {
      expect(await create(aDataset(), person)).toMatchObject({ code });
      const image = { id: newId(), fileId: newId(), boxes: [box] };
      expect(await label(imported, [image], person)).toMatchObject({ code });
      expect(await place.call(person, operations.trainingDataset, { id: imported })).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await start(person)).toMatchObject({ code });
      const sent = desk.upload(await zipOf({ 'boxes.json': '{}' }), { datasetId: imported }, person);
      await expect(sent).rejects.toThrow(code);
    }
  });
});
