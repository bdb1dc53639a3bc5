import { Field, Float, InputType } from '@nestjs/graphql';
import { z } from 'zod';
import { courseFields, skillFields, skillLimits } from '#libs/learning';
import { externalKeyFields } from '../graphql/external-key.js';
import { Uuid } from '../graphql/scalars.js';
import { changeSchema, changeWords } from '../request/change.js';

@InputType()
export class CreateCourseInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field()
  title!: string;

  @Field()
  description!: string;

  @Field({ description: 'Language tag, such as en or zh-CN.' })
  language!: string;

  @Field(() => Float, { description: '0.5 to 0.99.' })
  masteryThreshold!: number;

  @Field(() => String, { nullable: true, description: 'Where it comes from; goes with externalId.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId?: string | null;
}

@InputType({ description: changeWords })
export class UpdateCourseInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => String, { nullable: true })
  title?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true })
  language?: string | null;

  @Field(() => Float, { nullable: true })
  masteryThreshold?: number | null;
}

@InputType()
export class SkillInput {
  @Field(() => Uuid, { description: 'Of a skill that the course has, or made by you for a new one.' })
  id!: string;

  @Field()
  name!: string;

  @Field()
  description!: string;

  @Field(() => [Uuid], { description: 'Skills of this list that must be mastered before.' })
  prerequisiteIds!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'Where it comes from; goes with externalId. A skill keeps the key that it has where none is sent.',
  })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId?: string | null;
}

@InputType({ description: 'All skills of the course, in teaching order: what is left out is dropped.' })
export class SaveSkillGraphInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => [SkillInput])
  skills!: SkillInput[];
}

export const createCourseSchema = z.strictObject({ id: z.string(), ...courseFields, ...externalKeyFields });

export const updateCourseSchema = changeSchema(courseFields);

export const saveSkillGraphSchema = z.strictObject({
  courseId: z.string(),
  skills: z
    .array(
      z.strictObject({
        id: z.string(),
        ...skillFields,
        prerequisiteIds: z.array(z.string()).max(skillLimits.prerequisites),
        ...externalKeyFields,
      }),
    )
    .max(skillLimits.skills),
});
