import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ModelsModule } from '#libs/composition';
import { IdSource, isFailure, isId } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { UploadModel, VerifyModel, type ModelPackage } from '#libs/models';
import { coursesIn } from '../shell/courses-in.js';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { withContext } from '../shell/with-context.js';
import { withDatabase } from '../shell/with-database.js';
import { describeOutcome, isFile } from './verify-model.js';

export interface ImportModelFlags {
  readonly course: string;
  readonly json: boolean;
}

/** Brings a package into a course as its teacher would, and verifies it at once; resolves to the exit code. */
export function importModel(file: string, { course, json }: ImportModelFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    const path = resolve(file);
    if (!(await isFile(path))) throw new CommandFailure(EXIT_CODE.settings, `There is no file ${path}.`);
    if (!isId(course)) throw new CommandFailure(EXIT_CODE.settings, `"${course}" is not the id of a course.`);
    const [place, actor] = await coursesIn(ownerUrl, course, async ([found]) => [found!.title, found!.actor] as const);
    const model = await bringIn(ownerUrl, actor, course, path);
    const { verified, refusal, state } = model;
    if (json)
      terminal.line(
        JSON.stringify({ modelId: model.id, state, name: verified?.name, version: verified?.version, refusal }),
      );
    else if (verified !== null) {
      for (const line of describeOutcome({ kind: 'verified', ...verified })) terminal.line(line);
      terminal.line(`\n  ${verified.name}, version ${verified.version} in ${place} (${model.id}): ${state}.`);
    } else {
      for (const line of describeOutcome({ kind: 'refused', ...refusal! })) terminal.line(line);
    }
    return verified === null ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
  });
}

function bringIn(ownerUrl: string, actor: Actor, courseId: string, file: string): Promise<ModelPackage> {
  return withContext(ownerUrl, ModelsModule, async (context, dataFolder) => {
    // The store takes files over, and this one is somebody's.
    const folder = await mkdtemp(join(dataFolder, 'import-'));
    try {
      const path = join(folder, 'package.zip');
      await copyFile(file, path);
      const id = context.get(IdSource, { strict: false }).next();
      const uploaded = await context
        .get(UploadModel, { strict: false })
        .execute(actor, { id, courseId, runId: null, path, sha256: null });
      if (isFailure(uploaded)) throw new CommandFailure(EXIT_CODE.settings, uploaded.message);
      // A worker that runs may do it too: whoever is first writes down what was found.
      const model = await context.get(VerifyModel, { strict: false }).execute(actor, id);
      if (isFailure(model)) throw new CommandFailure(EXIT_CODE.unexpected, model.message);
      return model;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
