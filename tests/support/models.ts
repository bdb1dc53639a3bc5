import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { operations, type ModelView } from '#libs/client';
import { graphql, newId, type TestApi } from './api.js';
import { writePackage, type PackageChanges } from './model-package.js';
import type { Person, School } from './school.js';
import { until } from './until.js';

/** A model, or what a refusal says instead. */
export interface ToldOfModel extends ModelView {
  readonly code: string;
  readonly issues: readonly { readonly path: string }[];
}

/** Who calls. */
export type Caller = Pick<Person, 'token'>;

/** What a teacher does with models, as an app would do it for her. */
export class ModelDesk {
  /** @param folder where packages are written before they are sent */
  constructor(
    private readonly api: Pick<TestApi, 'url'>,
    private readonly school: Pick<School, 'courseId'> & { readonly teacher: Caller },
    private readonly folder: string,
  ) {}

  async package(changes: PackageChanges = {}): Promise<Buffer> {
    const path = join(this.folder, `${randomUUID()}.zip`);
    await writePackage(path, { seed: randomUUID(), ...changes });
    return readFile(path);
  }

  /** Uploads in pieces; gives the id of the model. */
  upload(
    zip: Buffer,
    { id = newId(), person = this.school.teacher, courseId = this.school.courseId } = {},
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      new Upload(zip, {
        endpoint: `${this.api.url}/models/uploads`,
        headers: { authorization: `Bearer ${person.token}` },
        metadata: { id, courseId },
        chunkSize: 2_000,
        retryDelays: null,
        onError: reject,
        onSuccess: () => resolve(id),
      }).start();
    });
  }

  async call(person: Caller, operation: { document: string }, variables: object): Promise<ToldOfModel> {
    const answer = await graphql(this.api.url, operation.document, {
      token: person.token,
      variables: { ...variables },
    });
    return answer.errors
      ? ({ code: answer.errors[0]!.extensions.code } as ToldOfModel)
      : Object.values(answer.data!)[0];
  }

  read(id: string, person = this.school.teacher): Promise<ModelView> {
    return this.call(person, operations.model, { id });
  }

  move(modelId: string, to: string, person = this.school.teacher): Promise<ToldOfModel> {
    return this.call(person, operations.moveModel, { input: { modelId, to, reason: 'Because.' } });
  }

  rollBack(name: string, person = this.school.teacher): Promise<ToldOfModel> {
    const input = { courseId: this.school.courseId, name, reason: 'It was better.' };
    return this.call(person, operations.rollBackModel, { input });
  }

  /** The model once it was looked into. */
  async settled(id: string): Promise<ModelView> {
    await until(async () => (await this.read(id)).state !== 'uploaded');
    return this.read(id);
  }

  async verified(changes: PackageChanges = {}): Promise<ModelView> {
    const model = await this.settled(await this.upload(await this.package(changes)));
    if (model.state !== 'verified') throw new Error(`The package was refused: ${JSON.stringify(model.refusal)}`);
    return model;
  }

  /** A verified model, moved through states one after the other. */
  async moved(changes: PackageChanges, ...states: readonly string[]): Promise<ModelView> {
    return this.movedOn(await this.verified(changes), ...states);
  }

  /** A model, moved through states one after the other. */
  async movedOn(model: ModelView, ...states: readonly string[]): Promise<ModelView> {
    for (const state of states) {
      const moved = await this.move(model.id, state);
      if (moved.state !== state) throw new Error(`The model did not become ${state}: ${JSON.stringify(moved)}`);
    }
    return this.read(model.id);
  }
}
