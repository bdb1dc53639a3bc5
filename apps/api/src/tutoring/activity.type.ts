import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { activityKinds, modalities } from '#libs/learning';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'What is said in a film or a sound, in one language.' })
export class MediaCaptions {
  @Field({ description: 'Language tag, such as en or zh-CN.' })
  language!: string;

  @Field({ description: 'WebVTT.' })
  text!: string;
}

@ObjectType({ description: 'A picture, sound or film that belongs to a body.' })
export class Media {
  @Field({ description: 'media/<name>, a picture of the course, or the https link of a film or sound.' })
  src!: string;

  @Field()
  alternativeText!: string;

  @Field(() => String, { nullable: true, description: 'A legend.' })
  caption?: string;

  @Field(() => [MediaCaptions], { nullable: true, description: 'Of a film or a sound; it has these or a transcript.' })
  captions?: readonly MediaCaptions[];

  @Field(() => String, { nullable: true, description: 'All that is said and shown in a film or a sound.' })
  transcript?: string;
}

@ObjectType({ description: 'One thing to choose or to put in order.' })
export class FormOption {
  @Field()
  id!: string;

  @Field()
  text!: string;
}

@ObjectType({ description: 'What the learner may answer with. It holds no key.' })
export class AnswerForm {
  @Field({ description: 'none, choice, choices, number, text, order or marks.' })
  kind!: string;

  @Field(() => [FormOption], { nullable: true, description: 'For choice and choices.' })
  options?: FormOption[];

  @Field(() => [FormOption], { nullable: true, description: 'For order.' })
  items?: FormOption[];

  @Field(() => String, { nullable: true, description: 'For number.' })
  unit?: string;

  @Field(() => Int, { nullable: true, description: 'For text.' })
  maxLength?: number;

  @Field(() => String, { nullable: true, description: 'For marks: the picture to label.' })
  image?: string;
}

@ObjectType({ description: 'An activity as a learner sees it: without key, hints and feedback.' })
export class LearnerActivity {
  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Int)
  version!: number;

  @Field({ description: oneOf(activityKinds) })
  kind!: string;

  @Field({ description: oneOf(modalities) })
  modality!: string;

  @Field()
  language!: string;

  @Field(() => Float)
  minutes!: number;

  @Field(() => [Uuid])
  skillIds!: readonly string[];

  @Field()
  title!: string;

  @Field({ description: 'Markdown; maths between $ signs.' })
  body!: string;

  @Field(() => [Media])
  media!: readonly Media[];

  @Field(() => AnswerForm)
  form!: AnswerForm;

  @Field(() => Int)
  hintCount!: number;
}
