import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type DatasetView } from '#libs/client';
import { isFailure } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { projectFolder } from '#libs/platform';
import { ZipArchive } from '#libs/storage';
import { ArchiveStore, datasetSchema, FreezeDataset, trainingPlanSchema, type FrozenDataset } from '#libs/training';
import { attune } from '../support/attune-command.js';
import { newId, type TestApi } from '../support/api.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { setAssignment, upload } from '../support/work.js';

/** A picture of one colour, with a number so that no two are alike. */
const aPicture = (colour: 'red' | 'blue', number: number): Promise<Buffer> =>
  sharp({
    create: { width: 24 + number, height: 20, channels: 3, background: colour === 'red' ? '#c03020' : '#2030c0' },
  })
    .png()
    .toBuffer();

/** Opens an archive as training does, and says how many pictures are in it. */
const openDataset = `import sys, pathlib
from attune_training.dataset import open_dataset
print(len(open_dataset(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])).items))`;

function inPython(script: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('python3', ['-c', script, ...args], { cwd: join(projectFolder, 'training'), encoding: 'utf8' });
}

/** Why the training package cannot open an archive here; null where it can. */
function noPython(): string | null {
  const { status } = inPython('import sys, jsonschema; sys.exit(sys.version_info < (3, 11))');
  return status === 0 ? null : 'Python 3.11 or later as python3, with its package jsonschema, is not here';
}

describe('datasets of labelled images', () => {
  let place: ModelSchool;
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;
  /** Of one dataset: as the server keeps it, and as it is exported for training elsewhere. */
  let archives: readonly string[] = [];
  let assignmentId: string;

  beforeAll(async () => {
    place = await ModelSchool.open('dataset-school');
    ({ api, school, learner } = place);
    other = await foundSchool(api.app, 'other-dataset-school');
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterAll(() => place?.close());

  const aDataset = (more: object = {}) => ({
    id: newId(),
    courseId: school.courseId,
    name: 'Colours',
    description: 'Colours, drawn by a program.',
    consentBasis: 'generated',
    licence: 'CC0-1.0',
    isSynthetic: true,
    splitBy: 'image',
    ...more,
  });
  const create = (input: object, person = school.teacher) =>
    place.call(person, operations.createTrainingDataset, { input });
  const label = (datasetId: string, images: object[], person = school.teacher) =>
    place.call(person, operations.labelImages, { input: { datasetId, images } });
  const read = (id: string, person = school.teacher) => place.call(person, operations.trainingDataset, { id });
  const freeze = (datasetId: string, seed = 1): Promise<FrozenDataset> =>
    api.app
      .get(FreezeDataset, { strict: false })
      .execute(dangerousSystemActor(school.institutionId), datasetId, seed)
      .then((frozen) => {
        if (isFailure(frozen)) throw new Error(JSON.stringify(frozen));
        return frozen;
      });
  const setConsent = (decision: string): Promise<Told> => {
    const { id: learnerId } = learner;
    const input = { id: newId(), learnerId, purpose: 'training', decision, givenAs: 'student', noticeVersion: '1' };
    return place.mustCall('ConsentRecord', learner, operations.recordConsent, { input });
  };

  it('take uploads of the teacher, label them anew, and let them go', async () => {
    const input = aDataset();
    const made = (await create(input)) as DatasetView;
    expect(made).toMatchObject({ id: input.id, splitBy: 'image', labels: [] });
    expect(await create(input)).toMatchObject({ id: input.id });
    expect(await create({ ...input, name: 'Others' })).toMatchObject({ code: 'ID_REUSED' });
    const images: { id: string; fileId: string; label: string }[] = [];
    for (const number of [1, 2, 3]) {
      const { id: fileId } = await upload(api.url, school.teacher.token, await aPicture('red', number));
      images.push({ id: newId(), fileId, label: 'red' });
    }
    const added = images.map(({ id }) => ({ id, outcome: 'added', code: null, message: null, issues: null }));
    expect((await label(input.id, images)).outcomes).toEqual(added);
    expect((await label(input.id, images)).outcomes.map((each: { outcome: string }) => each.outcome)).toEqual(
      images.map(() => 'unchanged'),
    );
    expect((await label(input.id, [{ ...images[0]!, label: 'crimson' }])).outcomes[0].outcome).toBe('relabelled');
    const seen = await read(input.id);
    expect(seen.labels).toEqual([
      { label: 'crimson', images: 1, groups: 0, boxes: null },
      { label: 'red', images: 2, groups: 0, boxes: null },
    ]);
    const { picture } = seen.images.edges[0].node;
    const response = await fetch(`${api.url}${picture}`, {
      headers: { authorization: `Bearer ${school.teacher.token}` },
    });
    expect(response.headers.get('content-type')).toBe('image/png');
    expect((await sharp(Buffer.from(await response.arrayBuffer())).metadata()).height).toBe(20);
    for (const person of [learner, other.teacher]) {
      const refused = await fetch(`${api.url}${picture}`, { headers: { authorization: `Bearer ${person.token}` } });
      expect(refused.status).toBe(404);
    }
    const gone = { datasetId: input.id, imageIds: [images[0]!.id] };
    expect(await place.call(school.teacher, operations.removeLabelledImages, { input: gone })).toMatchObject({
      removed: 1,
    });
    expect((await read(input.id)).labels).toEqual([{ label: 'red', images: 2, groups: 0, boxes: null }]);
  });

  it('take works only with the consent of whose they are, and forget them with it', async () => {
    const { id } = (await create(
      aDataset({ consentBasis: 'consent', isSynthetic: false, splitBy: 'student' }),
    )) as DatasetView;
    const submissionId = await place.handIn(assignmentId, await aPicture('red', 30));
    const image = { id: newId(), submissionId, label: 'red' };
    expect((await label(id, [image])).outcomes[0]).toMatchObject({ outcome: 'refused', code: 'FORBIDDEN' });
    await setConsent('granted');
    expect((await label(id, [image])).outcomes[0]).toMatchObject({ outcome: 'added' });
    const seen = await read(id);
    expect(seen.labels).toEqual([{ label: 'red', images: 1, groups: 1, boxes: null }]);
    const { node } = seen.images.edges[0];
    expect(node.group).not.toBe(learner.id);
    await setConsent('withdrawn');
    expect((await read(id)).labels).toEqual([]);
    expect((await read(id)).images.edges).toEqual([]);
    const response = await fetch(`${api.url}${node.picture}`, {
      headers: { authorization: `Bearer ${school.teacher.token}` },
    });
    expect(response.status).toBe(404);
    // The same bytes from elsewhere take nothing over, so that her word holds.
    await setConsent('granted');
    const { id: twin } = await upload(api.url, school.teacher.token, await aPicture('red', 30));
    const copied = await label(id, [{ id: newId(), fileId: twin, label: 'blue', group: 'a group' }]);
    expect(copied.outcomes[0]).toMatchObject({ outcome: 'refused', code: 'TAKEN' });
    expect((await read(id)).labels).toEqual([{ label: 'red', images: 1, groups: 1, boxes: null }]);
    await setConsent('withdrawn');
    // A work of another course, an upload of somebody else, and an upload of hers without a group.
    const foreign = { id: newId(), submissionId: newId(), label: 'red' };
    const { id: fileId } = await upload(api.url, learner.token, await aPicture('red', 31));
    const { id: own } = await upload(api.url, school.teacher.token, await aPicture('red', 32));
    const refused = await label(id, [
      foreign,
      { id: newId(), fileId, label: 'red' },
      { id: newId(), fileId: own, label: 'red' },
    ]);
    expect(refused.outcomes.map(({ code }: { code: string }) => code)).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
      'INVALID_INPUT',
    ]);
    const both = await label(id, [{ ...foreign, fileId }]);
    expect(both.outcomes).toMatchObject([{ outcome: 'refused', code: 'INVALID_INPUT' }]);
  });

  it('come from folders, and become archives that the training package reads', async () => {
    const root = join(place.data, 'colours');
    for (const colour of ['red', 'blue'] as const) {
      for (const student of ['ann', 'ben', 'cai', 'dee']) {
        await mkdir(join(root, colour, student), { recursive: true });
        for (const number of [1, 2]) {
          const seed = { ann: 0, ben: 10, cai: 20, dee: 30 }[student]! + number;
          await writeFile(join(root, colour, student, `${number}.png`), await aPicture(colour, seed));
        }
      }
    }
    await writeFile(join(root, 'red', 'ann', 'broken.png'), 'not a picture');
    await writeFile(join(root, 'notes.txt'), 'stray');
    const run = (...more: string[]) =>
      attune(
        [
          'train',
          'import',
          root,
          '--course',
          school.courseId,
          '--name',
          'From folders',
          '--consent',
          'generated',
          ...more,
        ],
        { DATABASE_URL: api.database.ownerUrl, ATTUNE_DATA_DIR: place.data },
      );
    const flags = ['--licence', 'CC0-1.0', '--split-by', 'student', '--synthetic', '--json'];
    const { code, stdout, stderr } = await run(...flags);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const told = JSON.parse(stdout) as { datasetId: string; added: number; refused: { file: string }[] };
    expect(told.added).toBe(16);
    expect(told.refused.map(({ file }) => file)).toEqual(['notes.txt', join('red', 'ann', 'broken.png')]);

    const frozen = await freeze(told.datasetId);
    expect(frozen).toMatchObject({ labels: ['blue', 'red'], card: { examples: 16, perLabel: { blue: 8, red: 8 } } });
    expect(frozen.card.sha256).toBe(frozen.sha256);
    expect((await freeze(told.datasetId)).sha256).toBe(frozen.sha256);
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Tokyo';
    expect((await freeze(told.datasetId)).sha256, 'in another time zone').toBe(frozen.sha256);
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect((await freeze(told.datasetId, 2)).sha256).not.toBe(frozen.sha256);
    const path = (await api.app.get(ArchiveStore, { strict: false }).locate(school.institutionId, frozen.sha256))!;
    const archive = await ZipArchive.open(path, 100);
    if (typeof archive === 'string') throw new Error(archive);
    const index = datasetSchema.parse(JSON.parse((await archive.read('dataset.json')).toString()));
    expect(index.items.map((item) => item.path).sort()).toEqual(
      archive.files
        .map((file) => file.path)
        .filter((file) => file !== 'dataset.json')
        .sort(),
    );
    archive.close();

    const out = join(place.data, 'for a drive');
    const written = await attune(
      [
        'train',
        'export',
        told.datasetId,
        '--out',
        out,
        '--name',
        'Colours',
        '--backbone',
        'tiny-convnet',
        '--epochs',
        '3',
      ],
      { DATABASE_URL: api.database.ownerUrl, ATTUNE_DATA_DIR: place.data },
    );
    expect(written.code, written.stderr).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      'attune-training.zip',
      'attune_training.ipynb',
      'dataset.zip',
      'plan.json',
    ]);
    const plan = trainingPlanSchema.parse(JSON.parse(await readFile(join(out, 'plan.json'), 'utf8')));
    expect(plan).toMatchObject({
      run: { name: 'Colours' },
      server: null,
      dataset: { url: null, sha256: frozen.sha256 },
      numbers: { epochs: 3, seed: 1 },
    });
    archives = [path, join(out, 'dataset.zip')];
  });

  it('can be opened by the training package, as they are kept and as they are exported', async ({ skip }) => {
    const missing = noPython();
    skip(missing !== null, missing ?? '');
    expect(archives).toHaveLength(2);
    for (const [number, path] of archives.entries()) {
      const { status, stdout, stderr } = inPython(openDataset, path, join(place.data, `unpacked ${number}`));
      expect({ status, items: stdout.trim() }, stderr).toEqual({ status: 0, items: '16' });
    }
  });

  it('are not frozen while too little is labelled', async () => {
    const { id } = (await create(aDataset())) as DatasetView;
    const freezing = api.app.get(FreezeDataset, { strict: false });
    const system = dangerousSystemActor(school.institutionId);
    expect(await freezing.execute(system, id, 1)).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'labels' }],
    });
    expect(await freezing.execute(dangerousSystemActor(other.institutionId), id, 1)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are the business of those who teach the course', async () => {
    const input = aDataset();
    await create(input);
    const colleague = await school.join('teacher', null);
    for (const [person, code] of [
      [learner, 'FORBIDDEN'],
      [colleague, 'NOT_FOUND'],
      [other.teacher, 'NOT_FOUND'],
      [other.admin, 'NOT_FOUND'],
    ] as const) {
      expect(await create(aDataset(), person)).toMatchObject({ code });
      expect(await place.call(person, operations.trainingDatasets, { courseId: school.courseId })).toMatchObject({
        code,
      });
      expect(await read(input.id, person)).toMatchObject({ code: 'NOT_FOUND' });
      const image = { id: newId(), fileId: newId(), label: 'red' };
      expect(await label(input.id, [image], person)).toMatchObject({ code });
      const gone = { datasetId: input.id, imageIds: [newId()] };
      expect(await place.call(person, operations.removeLabelledImages, { input: gone })).toMatchObject({ code });
    }
  });
});
