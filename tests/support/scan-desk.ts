import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { operations, type ScanBatchDetails, type ScanOutcomeView } from '#libs/client';
import { newId } from './api.js';
import type { ModelSchool, Told } from './model-school.js';
import type { Person } from './school.js';
import { until } from './until.js';

export interface ScanUploadRequest {
  readonly assignmentId: string;
  readonly id?: string;
  readonly sha256?: string;
  readonly matchBy?: string;
  readonly pagesPerLearner?: number;
}

/** What teachers do with the scans of a class; the teacher of the school, where nobody else is named. */
export class ScanDesk {
  constructor(private readonly place: ModelSchool) {}

  /** Uploads scans in pieces, as an app would; gives the answer to the last one, or throws the refusal. */
  upload(
    scans: Buffer,
    { id = newId(), ...request }: ScanUploadRequest,
    { token } = this.teacher,
  ): Promise<{ batchId: string; state: string }> {
    const metadata = Object.entries({ id, ...request }).map(([key, value]) => [key, String(value)]);
    return new Promise((resolve, reject) => {
      new Upload(scans, {
        endpoint: `${this.place.api.url}/scans/uploads`,
        headers: { authorization: `Bearer ${token}` },
        metadata: Object.fromEntries(metadata) as Record<string, string>,
        chunkSize: 500_000,
        retryDelays: null,
        onError: reject,
        onSuccess: ({ lastResponse }) =>
          resolve(JSON.parse(lastResponse.getBody()) as { batchId: string; state: string }),
      }).start();
    });
  }

  read(id: string, person = this.teacher): Promise<Told> {
    return this.place.call(person, operations.scanBatch, { id });
  }

  /** Scans once a worker is through with them. */
  async whenRead(id: string): Promise<ScanBatchDetails> {
    await until(async () => ['ready', 'failed'].includes((await this.read(id))['state'] as string));
    return (await this.read(id)) as unknown as ScanBatchDetails;
  }

  async bringIn(scans: Buffer, request: ScanUploadRequest): Promise<ScanBatchDetails> {
    return this.whenRead((await this.upload(scans, request)).batchId);
  }

  /** What a correction gives, refused or not. */
  correct(batchId: string, corrections: readonly object[], person = this.teacher): Promise<Told> {
    return this.place.call(person, operations.correctScanPages, { input: { batchId, corrections } });
  }

  match(batchId: string, input: object, person = this.teacher): Promise<Told> {
    return this.place.call(person, operations.matchScans, { input: { batchId, ...input } });
  }

  hold(batchId: string, hold: boolean, reason: string | null = null, person = this.teacher): Promise<Told> {
    return this.place.call(person, operations.holdScans, { input: { batchId, hold, reason } });
  }

  publish(
    batchId: string,
    { id = newId(), learnerIds = null as readonly string[] | null } = {},
    person = this.teacher,
  ): Promise<Told> {
    return this.place.call(person, operations.publishScans, { input: { id, batchId, learnerIds } });
  }

  withdraw(
    batchId: string,
    { id = newId(), learnerIds = null as readonly string[] | null, reason = 'The sheets were mixed up.' } = {},
    person = this.teacher,
  ): Promise<Told> {
    return this.place.call(person, operations.withdrawScans, { input: { id, batchId, learnerIds, reason } });
  }

  /** Zips, PDFs and unfinished uploads that still lie about. */
  async leftovers(): Promise<string[]> {
    const folders = ['scans', 'scan-uploads'].map((name) =>
      readdir(join(this.place.data, name), { recursive: true }).catch(() => []),
    );
    return (await Promise.all(folders)).flat().filter((path) => /\.scans|_/.test(path));
  }

  /** Waits until none do. */
  async nothingLeft(): Promise<void> {
    await until(async () => (await this.leftovers()).length === 0);
  }

  private get teacher(): Person {
    return this.place.school.teacher;
  }
}

/** Whose pages are, by number: her name, what else the page is, or null. */
export function laidOut({ pages }: Pick<ScanBatchDetails, 'pages'>): (string | null)[] {
  return pages
    .toSorted((a, b) => a.number - b.number)
    .map(({ kind, learner }) => (kind === 'work' ? (learner?.name ?? null) : kind));
}

/** Outcomes by learner. */
export function byLearner({ outcomes }: { outcomes: readonly ScanOutcomeView[] }): Map<string, ScanOutcomeView> {
  return new Map(outcomes.map((outcome) => [outcome.learnerId, outcome]));
}
