import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { operations, type DatasetImportView } from '#libs/client';
import { newId } from './api.js';
import { uploadFolders, type FolderUploadRequest } from './folder-zip.js';
import type { ModelSchool, Told } from './model-school.js';
import { query } from './postgres-client.js';
import type { Person } from './school.js';
import { until } from './until.js';

/** A picture that no other number has. */
export function aPicture(number: number): Promise<Buffer> {
  return sharp({ create: { width: 24 + number, height: 20, channels: 3, background: '#c03020' } })
    .png()
    .toBuffer();
}

/** What teachers do with zips of folders; the teacher of the school, where nobody else is named. */
export class FolderDesk {
  constructor(private readonly place: ModelSchool) {}

  /** Makes a dataset; gives its id. */
  async makeDataset(splitBy = 'image', person = this.teacher, courseId = this.place.school.courseId): Promise<string> {
    const about = { name: 'Cells', description: 'Cells.', consentBasis: 'open-licence', licence: 'CC0-1.0' };
    const input = { id: newId(), courseId, ...about, splitBy };
    const made = await this.place.call(person, operations.createTrainingDataset, { input });
    if (made['id'] !== input.id) throw new Error(`The dataset was refused: ${JSON.stringify(made)}`);
    return input.id;
  }

  upload(zip: Buffer, request: FolderUploadRequest, person = this.teacher): ReturnType<typeof uploadFolders> {
    return uploadFolders(this.place.api, person, zip, request);
  }

  read(id: string, person = this.teacher): Promise<Told> {
    return this.place.call(person, operations.datasetImport, { id });
  }

  dataset(id: string): Promise<Told> {
    return this.place.call(this.teacher, operations.trainingDataset, { id });
  }

  /** An import once a worker is through with it. */
  async atItsEnd(id: string): Promise<DatasetImportView> {
    await until(async () => ['done', 'failed'].includes((await this.read(id))['state'] as string));
    return (await this.read(id)) as unknown as DatasetImportView;
  }

  async bringIn(zip: Buffer, datasetId: string): Promise<DatasetImportView> {
    return this.atItsEnd((await this.upload(zip, { datasetId })).importId);
  }

  /** Zips and unfinished uploads that still lie about. */
  async leftovers(): Promise<string[]> {
    const folders = ['folder-zips', 'folder-uploads'].map((name) =>
      readdir(join(this.place.data, name), { recursive: true }).catch(() => []),
    );
    return (await Promise.all(folders)).flat().filter((path) => /\.zip|_/.test(path));
  }

  /** Waits until none do. */
  async nothingLeft(): Promise<void> {
    await until(async () => (await this.leftovers()).length === 0);
  }

  /** How many imports there are, in all institutions. */
  async registered(): Promise<number> {
    const sql = 'SELECT count(*)::int AS count FROM dataset_imports';
    return (await query<{ count: number }>(this.place.api.database.ownerUrl, sql))[0]!.count;
  }

  private get teacher(): Person {
    return this.place.school.teacher;
  }
}
