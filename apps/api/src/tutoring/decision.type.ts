import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { Counterfactual } from '#libs/recommendation';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('DecisionTerm', { description: 'A named part of the utility of what was recommended.' })
export class DecisionTermType {
  @Field()
  name!: string;

  @Field(() => Float)
  value!: number;
}

@ObjectType('Counterfactual', {
  description:
    'The smallest single change that would have made something else the most probable: of mastery of a skill (kind mastery), ' +
    'of how often an activity was seen (times-seen), of how well a skill is remembered (retrievability), of what teachers ' +
    'have set (without-control), or of a term of the utility (term).',
})
export class CounterfactualType {
  @Field({ description: 'mastery, times-seen, retrievability, without-control or term.' })
  kind!: string;

  @Field(() => Uuid, { nullable: true, description: 'Of mastery and retrievability.' })
  skillId!: string | null;

  @Field(() => Uuid, { nullable: true, description: 'Of times-seen.' })
  activityId!: string | null;

  @Field(() => String, { nullable: true, description: 'Of without-control: pin, order, due-date or ban.' })
  control!: string | null;

  @Field(() => String, { nullable: true, description: 'Of term: its name.' })
  term!: string | null;

  @Field(() => Float, { nullable: true, description: 'What it was.' })
  from!: number | null;

  @Field(() => Float, { nullable: true, description: 'What it would have had to be.' })
  to!: number | null;

  @Field(() => Uuid, {
    nullable: true,
    description: 'The activity that would have been the most probable; null for nothing.',
  })
  insteadActivityId!: string | null;

  @Field({
    description:
      'replayed: the choice was made again with the change. stored-terms: found by the stored terms alone, of a ' +
      'recommendation that no longer stands.',
  })
  basis!: string;
}

@ObjectType('Decision', { description: 'A recommendation that was made, and why.' })
export class DecisionType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Int)
  activityVersion!: number;

  @Field()
  policyName!: string;

  @Field(() => Int)
  policyVersion!: number;

  @Field(() => Float, { description: 'Probability with which the policy chose this activity.' })
  probability!: number;

  @Field({ description: 'Seeds the chance of the choice: with it and what is stored, the choice can be made again.' })
  seed!: string;

  @Field(() => [DecisionTermType], { description: 'What is not 0, largest first. Their sum is the utility.' })
  terms!: readonly DecisionTermType[];

  @Field(() => CounterfactualType, { nullable: true, description: 'Null where no change that was tried would have.' })
  counterfactual!: CounterfactualType | null;

  @Field({
    description:
      'Why, in words: for the learner what she can do now, for a teacher the numbers that decided, with what would have changed it.',
  })
  because!: string;

  @Field()
  decidedAt!: Date;
}

export function toCounterfactual({ change, instead, basis }: Counterfactual): CounterfactualType {
  return {
    kind: change.kind,
    skillId: 'skillId' in change ? change.skillId : null,
    activityId: 'activityId' in change ? change.activityId : null,
    control: 'control' in change ? change.control : null,
    term: 'name' in change ? change.name : null,
    from: 'from' in change ? change.from : null,
    to: 'to' in change ? change.to : null,
    insteadActivityId: instead,
    basis,
  };
}
