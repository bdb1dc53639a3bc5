import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { FailureCode } from '#libs/kernel';
import { importLimits, importStates } from '#libs/training';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('RefusedFile', { description: 'A file of a zip that was not taken.' })
export class RefusedFileType {
  @Field({ description: 'In the zip.' })
  path!: string;

  @Field(() => String, { description: 'Why; the catalogue is docs/error-codes.md.' })
  code!: FailureCode;

  @Field()
  message!: string;
}

@ObjectType('DatasetImport', { description: 'A zip of folders that was uploaded for a dataset, and how far it is.' })
export class DatasetImportType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  datasetId!: string;

  @Field({ description: oneOf(importStates) })
  state!: string;

  @Field({ description: 'Of the zip.' })
  sha256!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Files in the zip, but for what systems leave there; null until it was opened.',
  })
  files!: number | null;

  @Field(() => Int, { description: 'Pictures that the dataset did not have.' })
  added!: number;

  @Field(() => Int, { description: 'Pictures that it had under another label, or in another group.' })
  relabelled!: number;

  @Field(() => Int, { description: 'Pictures that it had just so, or that stand in the zip twice.' })
  unchanged!: number;

  @Field(() => Int)
  refused!: number;

  @Field(() => [RefusedFileType], { description: `The first that were refused, at most ${importLimits.told}.` })
  refusals!: readonly RefusedFileType[];

  @Field(() => String, { nullable: true, description: 'Why all of it failed.' })
  code!: FailureCode | null;

  @Field(() => String, { nullable: true })
  message!: string | null;

  @Field()
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  endedAt!: Date | null;
}

export const DatasetImportConnection = connectionTypeOf(DatasetImportType);
