import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import type { FailureCode } from '#libs/kernel';
import { idSchema } from '#libs/contracts';
import {
  matchReasons,
  scanFormats,
  scanLimits,
  scanMatchings,
  scanPageKinds,
  scanStates,
  scanTurns,
  type DecidedWork,
  type ScanBatch,
  type ScanOutcome,
  type ScanPage,
} from '#libs/grading';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { RefusedFileType } from '../training/dataset-import.type.js';
import { reasonSchema } from './review.type.js';

const matchingWords = `${oneOf(scanMatchings)} By who is named in the path of a file, or so many pages for each learner.`;

@ObjectType('ClassMember', { description: 'A learner of the course.' })
export class ClassMemberType {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;
}

@ObjectType('ScanPage', { description: 'One page of scans.' })
export class ScanPageType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Int, { description: 'As it came, from 1.' })
  number!: number;

  @Field(() => String, { nullable: true, description: 'Of a file in a zip.' })
  path!: string | null;

  @Field({ description: 'Path of its picture; needs the token too.' })
  picture!: string;

  @Field(() => Int, { description: 'Pixels.' })
  width!: number;

  @Field(() => Int)
  height!: number;

  @Field({ description: `${oneOf(scanPageKinds)} Only work is handed in.` })
  kind!: string;

  @Field(() => Int, { description: 'Degrees clockwise from how it came.' })
  turn!: number;

  @Field(() => Int, { description: 'By this, then by number, pages are in order.' })
  position!: number;

  @Field(() => String, { nullable: true, description: `Why somebody is proposed: ${oneOf(matchReasons)}` })
  reason!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How sure that is, 0 to 1: a weight of the rule. From 0.8 on the proposal is taken as it is.',
  })
  confidence!: number | null;
}

@ObjectType('ScanWork', { description: 'Work that was handed in for a learner from scans.' })
export class ScanWorkType {
  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Uuid)
  learnerId!: string;

  @Field()
  publishedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null while it stands.' })
  withdrawnAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was withdrawn.' })
  withdrawnFor!: string | null;
}

@ObjectType('ScanBatch', { description: 'The scanned sheets of a class, and how far they are.' })
export class ScanBatchType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  assignmentId!: string;

  @Field({ description: oneOf(scanStates) })
  state!: string;

  @Field(() => String, { nullable: true, description: `${oneOf(scanFormats)} Null until it was opened.` })
  format!: string | null;

  @Field({ description: 'Of what was uploaded.' })
  sha256!: string;

  @Field(() => String, { nullable: true, description: matchingWords })
  matchBy!: string | null;

  @Field(() => Int, { description: 'By order: how many pages each learner has.' })
  pagesPerLearner!: number;

  @Field(() => Int, { nullable: true, description: 'Pages or files in it; null until it was opened.' })
  found!: number | null;

  @Field(() => Int, { description: 'That became pages.' })
  taken!: number;

  @Field(() => Int)
  refused!: number;

  @Field(() => [RefusedFileType], { description: `The first that were refused, at most ${scanLimits.told}.` })
  refusals!: readonly RefusedFileType[];

  @Field(() => String, { nullable: true, description: 'Why all of it failed.' })
  failureCode!: FailureCode | null;

  @Field(() => String, { nullable: true, description: 'The same in words.' })
  failureMessage!: string | null;

  @Field(() => Date, { nullable: true, description: 'Since when a teacher holds it; nothing of it is published then.' })
  heldAt!: Date | null;

  @Field(() => String, { nullable: true })
  holdReason!: string | null;

  @Field()
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was read, or failed.' })
  endedAt!: Date | null;
}

export const ScanBatchConnection = connectionTypeOf(ScanBatchType);

@ObjectType('ScanOutcome', { description: 'What became of the work of one learner.' })
export class ScanOutcomeType {
  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => Uuid, { nullable: true, description: 'Null where it was refused.' })
  submissionId!: string | null;

  @Field({ description: 'True when this decision had done it before: nothing changed now.' })
  resent!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was refused; the catalogue is docs/error-codes.md. Null where it was done.',
  })
  code!: FailureCode | null;

  @Field(() => String, { nullable: true })
  message!: string | null;
}

@ObjectType('ScanOutcomes')
export class ScanOutcomesType {
  @Field(() => [ScanOutcomeType])
  outcomes!: readonly ScanOutcomeType[];
}

@InputType({ description: 'What is other about a page; what is left out stays.' })
export class PageCorrectionInput {
  @Field(() => Uuid)
  pageId!: string;

  @Field(() => Uuid, { nullable: true, description: 'Whose it is. Null takes it from her.' })
  learnerId?: string | null;

  @Field(() => String, { nullable: true, description: oneOf(scanPageKinds) })
  kind?: string | null;

  @Field(() => Int, { nullable: true, description: 'By this, then by number, pages are in order; 0 to 10000.' })
  position?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `Degrees clockwise from how it came: ${oneOf(scanTurns.map(String))}`,
  })
  turn?: number | null;
}

@InputType()
export class CorrectScanPagesInput {
  @Field(() => Uuid)
  batchId!: string;

  @Field(() => [PageCorrectionInput], { description: `1 to ${scanLimits.atOnce}; all are made, or none.` })
  corrections!: PageCorrectionInput[];
}

@InputType()
export class MatchScansInput {
  @Field(() => Uuid)
  batchId!: string;

  @Field({ description: matchingWords })
  matchBy!: string;

  @Field(() => Int, { nullable: true, description: `1 to ${scanLimits.pagesPerLearner}; 1 where nothing is said.` })
  pagesPerLearner?: number | null;

  @Field(() => [Uuid], {
    nullable: true,
    description:
      'The learners in the order of the pile, without those who are absent; the class by name where nothing is said.',
  })
  learnerIds?: string[] | null;
}

@InputType()
export class HoldScansInput {
  @Field(() => Uuid)
  batchId!: string;

  @Field({ description: 'True holds them, false lets them go.' })
  hold!: boolean;

  @Field(() => String, { nullable: true, description: 'Kept for teachers.' })
  reason?: string | null;
}

@InputType()
export class PublishScansInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical. The decision gets this id.' })
  id!: string;

  @Field(() => Uuid)
  batchId!: string;

  @Field(() => [Uuid], {
    nullable: true,
    description: `Whose work, 1 to ${scanLimits.atOnce}; everybody’s whose pages are matched, where nothing is said.`,
  })
  learnerIds?: string[] | null;
}

@InputType()
export class WithdrawScansInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical. The decision gets this id.' })
  id!: string;

  @Field(() => Uuid)
  batchId!: string;

  @Field(() => [Uuid], {
    nullable: true,
    description: `Whose work, 1 to ${scanLimits.atOnce}; everybody’s that stands, where nothing is said.`,
  })
  learnerIds?: string[] | null;

  @Field({ description: 'Told to the learners; 1 to 2000 characters.' })
  reason!: string;
}

const learnerIds = z
  .array(idSchema)
  .min(1)
  .max(scanLimits.atOnce)
  .refine((given) => new Set(given).size === given.length, 'names somebody twice')
  .nullish()
  .transform((given) => given ?? null);

/** What is null stays as it is, but for the learner. */
const left = <T extends z.ZodType>(schema: T) => schema.nullish().transform((given) => given ?? undefined);

export const correctScanPagesSchema = z.strictObject({
  batchId: idSchema,
  corrections: z
    .array(
      z.strictObject({
        pageId: idSchema,
        learnerId: idSchema.nullish(),
        kind: left(z.enum(scanPageKinds)),
        position: left(z.int().min(0).max(10_000)),
        turn: left(z.literal([...scanTurns])),
      }),
    )
    .min(1)
    .max(scanLimits.atOnce)
    .refine((given) => new Set(given.map(({ pageId }) => pageId)).size === given.length, 'names a page twice'),
});

export const matchScansSchema = z.strictObject({
  batchId: idSchema,
  matchBy: z.enum(scanMatchings),
  pagesPerLearner: z
    .int()
    .min(1)
    .max(scanLimits.pagesPerLearner)
    .nullish()
    .transform((given) => given ?? 1),
  learnerIds,
});

export const holdScansSchema = z.strictObject({ batchId: idSchema, hold: z.boolean(), reason: reasonSchema });
export const publishScansSchema = z.strictObject({ id: idSchema, batchId: idSchema, learnerIds });
export const withdrawScansSchema = z.strictObject({
  id: idSchema,
  batchId: idSchema,
  learnerIds,
  reason: z.string().trim().min(1).max(2_000),
});

export const CorrectScanPagesResult = resultOf('CorrectScanPagesResult', ScanBatchType);
export const MatchScansResult = resultOf('MatchScansResult', ScanBatchType);
export const HoldScansResult = resultOf('HoldScansResult', ScanBatchType);
export const PublishScansResult = resultOf('PublishScansResult', ScanOutcomesType);
export const WithdrawScansResult = resultOf('WithdrawScansResult', ScanOutcomesType);

/** Scans on their way out; nested fields read on from the batch. */
export interface ScanBatchNode extends ScanBatchType {
  readonly batch: ScanBatch;
}

export function toScanBatchNode(batch: ScanBatch): ScanBatchNode {
  const { failure, bytes: _bytes, createdBy: _by, ...same } = batch;
  return { ...same, batch, failureCode: failure?.code ?? null, failureMessage: failure?.message ?? null };
}

/** A page on its way out; whose it is, and might be, is read on from it. */
export interface ScanPageNode extends ScanPageType {
  readonly page: ScanPage;
}

export function toScanPageNode(page: ScanPage): ScanPageNode {
  const { id, number, path, width, height, kind, turn, position, proposed } = page;
  return {
    page,
    id,
    number,
    path,
    picture: `/scans/pages/${id}`,
    width,
    height,
    kind,
    turn,
    position,
    reason: proposed?.reason ?? null,
    confidence: proposed?.confidence ?? null,
  };
}

export function toScanWork({ work, published, withdrawn }: DecidedWork): ScanWorkType {
  return {
    submissionId: work.submissionId,
    learnerId: work.learnerId,
    publishedAt: published.decidedAt,
    withdrawnAt: withdrawn?.decidedAt ?? null,
    withdrawnFor: withdrawn?.reason ?? null,
  };
}

export function toScanOutcomes(outcomes: readonly ScanOutcome[]): ScanOutcomesType {
  return {
    outcomes: outcomes.map(({ failure, ...outcome }) => ({
      ...outcome,
      code: failure?.code ?? null,
      message: failure?.message ?? null,
    })),
  };
}
