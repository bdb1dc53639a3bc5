import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune } from '../support/attune-command.js';
import { newId, startTestApi, type TestApi } from '../support/api.js';
import { writePackage } from '../support/model-package.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type School } from '../support/school.js';

/** Packages as files: what the notebook leaves on a Drive comes into a course without a network. */
describe('attune model', () => {
  let api: TestApi;
  let school: School;
  let folder: string;
  let right: string;
  let wrong: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-model-command-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: folder });
    school = await foundSchool(api.app, 'model-command');
    [right, wrong] = [join(folder, 'right.zip'), join(folder, 'wrong.zip')];
    await writePackage(right, { name: 'From a Drive' });
    await writePackage(wrong, { files: (files) => void files.delete('metrics.jsonl') });
  }, 60_000);
  afterAll(async () => {
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => attune(args, { DATABASE_URL: api.database.ownerUrl, ATTUNE_DATA_DIR: folder });

  it('verify says whether a server would take a package, without a database', async () => {
    const accepted = await attune(['model', 'verify', right]);
    expect(accepted, accepted.stderr).toMatchObject({ code: 0 });
    expect(accepted.stdout).toMatch(/From a Drive: image-classification, 3 labels/);
    expect(accepted.stdout).toMatch(/on one thread of ONNX Runtime/);
    expect(accepted.stdout).toMatch(/on servers of the Open Inference Protocol: attune-[0-9a-f]{32}\n/);
    const refused = await attune(['model', 'verify', wrong, '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toEqual({ kind: 'refused', reason: 'file-missing', detail: 'metrics.jsonl' });
    expect((await attune(['model', 'verify', join(folder, 'nothing.zip')])).code).toBe(2);
  });

  it('import brings it into a course, once, and leaves the file where it is', async () => {
    const before = await readFile(right);
    const { code, stdout, stderr } = await run('model', 'import', right, '--course', school.courseId, '--json');
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout) as { modelId: string };
    expect(told).toMatchObject({ state: 'verified', name: 'From a Drive', version: 1, refusal: null });
    expect(await readFile(right)).toEqual(before);
    const rows = await query(api.database.ownerUrl, 'SELECT state FROM model_packages WHERE id = $1', [told.modelId]);
    expect(rows).toEqual([{ state: 'verified' }]);
    const again = await run('model', 'import', right, '--course', school.courseId);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(told.modelId);
  });

  it('import refuses what is not right, and courses that are not there', async () => {
    const refused = await run('model', 'import', wrong, '--course', school.courseId);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('file-missing');
    expect((await run('model', 'import', right, '--course', newId())).code).toBe(2);
    expect((await run('model', 'import', right, '--course', 'here')).code).toBe(2);
  });
});
