import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** One thing that a model has to show before it may judge. */
export interface GateLineView {
  readonly name: string;
  readonly required: string;
  readonly measured: string | null;
  readonly isMet: boolean;
}

/** A model package of a course, as its teachers see it. */
export interface ModelView {
  readonly id: string;
  readonly courseId: string;
  readonly state: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly runId: string | null;
  readonly uploadedAt: string;
  readonly verified: {
    readonly name: string;
    readonly version: number;
    readonly task: string;
    readonly format: string;
    readonly labels: readonly string[];
    readonly isSynthetic: boolean;
    readonly verification: {
      readonly runtime: string;
      readonly tensorDeviation: number;
      readonly pictureDeviation: number | null;
      readonly milliseconds: number;
    };
  } | null;
  readonly refusal: { readonly reason: string; readonly message: string; readonly detail: string | null } | null;
  readonly transitions: readonly {
    readonly sequence: number;
    readonly from: string | null;
    readonly to: string;
    readonly actor: string;
    readonly reason: string;
    readonly at: string;
  }[];
  readonly gate: readonly GateLineView[] | null;
}

const modelFields = `id courseId state sha256 bytes runId uploadedAt
  verified { name version task format labels isSynthetic
    verification { runtime tensorDeviation pictureDeviation milliseconds } }
  refusal { reason message detail }
  transitions { sequence from to actor reason at }
  gate { name required measured isMet }`;

/** The models of a course, newest first; with `name`, the versions of one. */
export const models = operation<
  { models: Connection<ModelView> },
  { courseId: string; first?: number; after?: string | null; name?: string | null }
>(`query Models($courseId: UUID!, $first: Int, $after: String, $name: String) {
    models(courseId: $courseId, first: $first, after: $after, name: $name) {
      edges { node { ${modelFields} } } pageInfo { hasNextPage endCursor } }
  }`);

/** One model of a course. */
export const model = operation<{ model: ModelView }, { id: string }>(
  `query Model($id: UUID!) { model(id: $id) { ${modelFields} } }`,
);

/** Moves a model on: to candidate, shadow, active or retired. */
export const moveModel = operation<
  { moveModel: Outcome<'Model', ModelView> },
  { input: { modelId: string; to: string; reason: string } }
>(`mutation MoveModel($input: MoveModelInput!) {
    moveModel(input: $input) { __typename ... on Model { ${modelFields} } ${refusal} ... on NotNow { issues { path message } } }
  }`);

/** Makes the version active again that was active before. */
export const rollBackModel = operation<
  { rollBackModel: Outcome<'Model', ModelView> },
  { input: { courseId: string; name: string; reason: string } }
>(`mutation RollBackModel($input: RollBackModelInput!) {
    rollBackModel(input: $input) { __typename ... on Model { ${modelFields} } ${refusal} }
  }`);
