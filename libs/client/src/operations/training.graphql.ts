import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** Labelled images of a course, as its teachers see them. */
export interface DatasetView {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
  readonly description: string;
  readonly consentBasis: string;
  readonly licence: string;
  readonly isSynthetic: boolean;
  readonly splitBy: string;
  /** What models learn from it; never changed. */
  readonly task: 'image-classification' | 'object-detection';
  readonly createdAt: string;
  readonly labels: readonly LabelCountView[];
}

/** How much of a dataset has a label. */
export interface LabelCountView {
  readonly label: string;
  /** That have it, or a box of it. */
  readonly images: number;
  readonly groups: number;
  /** In all images; null where the dataset is for classification. */
  readonly boxes: number | null;
}

/** A thing on a picture, in pixels of the picture as it is kept; x and y are its left upper corner. */
export interface BoxView {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Points of it by name: x and y. */
  readonly keypoints: Readonly<Record<string, readonly [number, number]>>;
}

/** One image with its label, or for detection with its boxes; the other one is null. */
export interface LabelledImageView {
  readonly id: string;
  /** Path of the image; needs the token too. */
  readonly picture: string;
  readonly label: string | null;
  readonly boxes: readonly BoxView[] | null;
  readonly group: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly submissionId: string | null;
  readonly labelledAt: string;
}

/** What became of one image that was labelled. */
export interface ImageOutcomeView {
  readonly id: string;
  readonly outcome: 'added' | 'relabelled' | 'unchanged' | 'refused';
  readonly code: string | null;
  readonly message: string | null;
  /** Which of its fields and boxes were wrong, and how. */
  readonly issues: readonly { readonly path: string; readonly message: string }[] | null;
}

/** A zip of folders that was uploaded to `/training/folders`, and how far it is. */
export interface DatasetImportView {
  readonly id: string;
  readonly datasetId: string;
  readonly state: 'waiting' | 'importing' | 'done' | 'failed';
  /** Null until the zip was opened. */
  readonly files: number | null;
  readonly added: number;
  readonly relabelled: number;
  readonly unchanged: number;
  readonly refused: number;
  /** The first that were refused. */
  readonly refusals: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  /** Why all of it failed. */
  readonly code: string | null;
  readonly message: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

const importFields = `id datasetId state files added relabelled unchanged refused refusals { path code message }
  code message createdAt endedAt`;

const datasetFields = `id courseId name description consentBasis licence isSynthetic splitBy task createdAt
  labels { label images groups boxes }`;

/** The datasets of a course, newest first. */
export const trainingDatasets = operation<
  { trainingDatasets: Connection<DatasetView> },
  { courseId: string; first?: number; after?: string | null }
>(`query TrainingDatasets($courseId: UUID!, $first: Int, $after: String) {
    trainingDatasets(courseId: $courseId, first: $first, after: $after) {
      edges { node { ${datasetFields} } } pageInfo { hasNextPage endCursor } }
  }`);

/** One dataset with a page of its images, and the latest zips of folders that were uploaded for it. */
export const trainingDataset = operation<
  {
    trainingDataset: DatasetView & {
      readonly images: Connection<LabelledImageView>;
      readonly imports: Connection<DatasetImportView>;
    };
  },
  { id: string; first?: number; after?: string | null }
>(`query TrainingDataset($id: UUID!, $first: Int, $after: String) {
    trainingDataset(id: $id) { ${datasetFields}
      images(first: $first, after: $after) {
        edges { node { id picture label boxes group attributes submissionId labelledAt } } pageInfo { hasNextPage endCursor } }
      imports(first: 10) { edges { node { ${importFields} } } pageInfo { hasNextPage endCursor } } }
  }`);

/** A dataset, frozen for projects. */
export interface TestSetView {
  readonly id: string;
  readonly courseId: string;
  readonly datasetId: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly examples: { readonly training: number; readonly validation: number; readonly test: number };
  readonly sha256: string;
  readonly createdAt: string;
}

const testSetFields = `id courseId datasetId name labels examples { training validation test } sha256 createdAt`;

/** The test sets of a course, newest first. */
export const testSets = operation<
  { testSets: Connection<TestSetView> },
  { courseId: string; first?: number; after?: string | null }
>(`query TestSets($courseId: UUID!, $first: Int, $after: String) {
    testSets(courseId: $courseId, first: $first, after: $after) {
      edges { node { ${testSetFields} } } pageInfo { hasNextPage endCursor } }
  }`);

/** Freezes a dataset for projects. The id is made by the client. */
export const createTestSet = operation<
  { createTestSet: Outcome<'TestSet', TestSetView> },
  { input: { id: string; datasetId: string; name: string; seed?: number | null } }
>(`mutation CreateTestSet($input: CreateTestSetInput!) {
    createTestSet(input: $input) { __typename ... on TestSet { ${testSetFields} } ${refusal}
      ... on InvalidInput { issues { path message } } }
  }`);

/** A zip of folders, and how far it is. */
export const datasetImport = operation<{ datasetImport: DatasetImportView }, { id: string }>(
  `query DatasetImport($id: UUID!) { datasetImport(id: $id) { ${importFields} } }`,
);

/** Makes a dataset. The id is made by the client. */
export const createTrainingDataset = operation<
  { createTrainingDataset: Outcome<'TrainingDataset', DatasetView> },
  {
    input: Omit<DatasetView, 'createdAt' | 'labels' | 'isSynthetic' | 'task'> &
      Partial<Pick<DatasetView, 'isSynthetic' | 'task'>>;
  }
>(`mutation CreateTrainingDataset($input: CreateTrainingDatasetInput!) {
    createTrainingDataset(input: $input) { __typename ... on TrainingDataset { ${datasetFields} } ${refusal} }
  }`);

/** Labels works or uploads, as wholes or by boxes as the task of the dataset wants it; each has an outcome of its own. */
export const labelImages = operation<
  { labelImages: Outcome<'LabelledImages', { readonly outcomes: readonly ImageOutcomeView[] }> },
  {
    input: {
      datasetId: string;
      images: readonly {
        readonly id: string;
        readonly submissionId?: string | null;
        readonly fileId?: string | null;
        readonly label?: string | null;
        readonly boxes?: readonly (Omit<BoxView, 'keypoints'> & Partial<Pick<BoxView, 'keypoints'>>)[] | null;
        readonly group?: string | null;
        readonly attributes?: Readonly<Record<string, string>>;
      }[];
    };
  }
>(`mutation LabelImages($input: LabelImagesInput!) {
    labelImages(input: $input) { __typename ... on LabelledImages { outcomes { id outcome code message issues { path message } } }
      ... on InvalidInput { issues { path message } } ${refusal} }
  }`);

/** Takes images out of a dataset. */
export const removeLabelledImages = operation<
  { removeLabelledImages: Outcome<'RemovedImages', { readonly removed: number }> },
  { input: { datasetId: string; imageIds: readonly string[] } }
>(`mutation RemoveLabelledImages($input: RemoveLabelledImagesInput!) {
    removeLabelledImages(input: $input) { __typename ... on RemovedImages { removed } ${refusal} }
  }`);

/** One training of one model, as teachers of its course see it. */
export interface RunDetails {
  readonly id: string;
  readonly courseId: string;
  readonly datasetId: string;
  readonly name: string;
  /** That of its dataset. */
  readonly task: DatasetView['task'];
  readonly engine: string;
  readonly backbone: string;
  readonly state: string;
  readonly isStalled: boolean;
  readonly failure: string | null;
  readonly codeExpiresAt: string;
  readonly heardAt: string | null;
  readonly cancelledAt: string | null;
  readonly endedAt: string | null;
  readonly modelId: string | null;
  readonly createdAt: string;
}

/** One line of what a run told. */
export interface ProgressLineView {
  readonly sequence: number;
  readonly phase: string;
  readonly epoch: number;
  readonly epochs: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly message: string | null;
  readonly at: string;
}

const runFields = `id courseId datasetId name task engine backbone state isStalled failure codeExpiresAt heardAt cancelledAt
  endedAt modelId createdAt`;

/** The training runs of a course, newest first. */
export const trainingRuns = operation<
  { trainingRuns: Connection<RunDetails> },
  { courseId: string; first?: number; after?: string | null }
>(`query TrainingRuns($courseId: UUID!, $first: Int, $after: String) {
    trainingRuns(courseId: $courseId, first: $first, after: $after) {
      edges { node { ${runFields} } } pageInfo { hasNextPage endCursor } }
  }`);

/** One run with its curves after a line. */
export const trainingRun = operation<
  { trainingRun: RunDetails & { readonly progress: readonly ProgressLineView[] } },
  { id: string; afterLine?: number }
>(`query TrainingRun($id: UUID!, $afterLine: Int) {
    trainingRun(id: $id) { ${runFields} progress(afterLine: $afterLine) { sequence phase epoch epochs metrics message at } }
  }`);

/** A run, its code, and what to do with it: both told once, and null where it trains on the server. */
export interface StartedRunView {
  readonly run: RunDetails;
  readonly runCode: string | null;
  readonly ways: { readonly notebookUrl: string; readonly command: string; readonly colabCommand: string } | null;
}

const startedFields = `runCode ways { notebookUrl command colabCommand } run { ${runFields} }`;

/** Starts a run; its code is told once. */
export const startTrainingRun = operation<
  { startTrainingRun: Outcome<'StartedRun', StartedRunView> },
  {
    input: {
      id: string;
      courseId: string;
      datasetId: string;
      name: string;
      engine: string;
      backbone: string;
      weights?: { architecture: string; url: string; sha256: string; licence: string } | null;
      abstainBelow?: number | null;
      numbers?: Readonly<Record<string, unknown>> | null;
    };
  }
>(`mutation StartTrainingRun($input: StartTrainingRunInput!) {
    startTrainingRun(input: $input) { __typename ... on StartedRun { ${startedFields} } ${refusal}
      ... on InvalidInput { issues { path message } } }
  }`);

/** Makes a new code for a run; the one before ends. */
export const renewTrainingCode = operation<
  { renewTrainingCode: Outcome<'StartedRun', StartedRunView> },
  { id: string }
>(`mutation RenewTrainingCode($id: UUID!) {
    renewTrainingCode(id: $id) { __typename ... on StartedRun { ${startedFields} } ${refusal} }
  }`);

/** Ends a run. */
export const cancelTrainingRun = operation<
  { cancelTrainingRun: Outcome<'TrainingRun', RunDetails> },
  { id: string }
>(`mutation CancelTrainingRun($id: UUID!) {
    cancelTrainingRun(id: $id) { __typename ... on TrainingRun { ${runFields} } ${refusal} }
  }`);
