import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { ConfusionType } from '../models/confusion.type.js';

@ObjectType('LabelMeasures', { description: 'How well one label is told from the others.' })
export class LabelMeasuresType {
  @Field()
  label!: string;

  @Field(() => Int, { description: 'Test images whose label it is.' })
  examples!: number;

  @Field(() => Float, { nullable: true, description: 'Null where it was never given.' })
  precision!: number | null;

  @Field(() => Float, { nullable: true })
  recall!: number | null;

  @Field(() => Float, { nullable: true })
  f1!: number | null;
}

@ObjectType('ProjectReport', { description: 'How predictions fell on hidden test images, in all.' })
export class ProjectReportType {
  @Field(() => [String])
  labels!: readonly string[];

  @Field(() => Int, { description: 'Test images.' })
  examples!: number;

  @Field(() => Float)
  accuracy!: number;

  @Field(() => [[Int]], {
    description: 'How many images of each label (row) were given each label (column), in the order of `labels`.',
  })
  confusion!: readonly (readonly number[])[];

  @Field(() => [LabelMeasuresType])
  byLabel!: readonly LabelMeasuresType[];

  @Field(() => String, { nullable: true, description: 'The label with the lowest F1; null where all are perfect.' })
  weakest!: string | null;

  @Field(() => [ConfusionType], { description: 'The pairs that are mistaken most, five at most.' })
  mostConfused!: readonly ConfusionType[];
}
