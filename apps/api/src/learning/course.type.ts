import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { courseRoles, type NamedEnrolment } from '#libs/learning';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'A course. Its lists are fields of their own.' })
export class Course {
  @Field(() => Uuid)
  id!: string;

  @Field()
  title!: string;

  @Field()
  description!: string;

  @Field({ description: 'Language tag, such as en or zh-CN.' })
  language!: string;

  @Field(() => Float, { description: 'Probability of a right answer from which a skill counts as mastered.' })
  masteryThreshold!: number;

  @Field(() => Int, { description: 'Rises with every change of the course, its skills or its activities.' })
  revision!: number;

  @Field(() => Int, { description: 'Number of the present skill graph; decisions cite it.' })
  graphVersion!: number;

  @Field(() => Date, { nullable: true })
  archivedAt!: Date | null;

  @Field()
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: 'Where it comes from.' })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId!: string | null;
}

@ObjectType({ description: 'A skill (knowledge component) of a course.' })
export class Skill {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;

  @Field()
  description!: string;

  @Field(() => [Uuid], { description: 'What must be mastered before.' })
  prerequisiteIds!: readonly string[];

  @Field(() => Int, { description: 'Place in the teaching order, from 0.' })
  position!: number;

  @Field(() => String, { nullable: true, description: 'Where it comes from.' })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId!: string | null;
}

@ObjectType({ description: 'Somebody of the institution, as others in a course see her.' })
export class User {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;
}

@ObjectType({ description: 'What somebody is, or was, in a course.' })
export class Enrolment {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => User)
  user!: User;

  @Field({ description: oneOf(courseRoles) })
  role!: string;

  @Field()
  joinedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null for those who take part.' })
  leftAt!: Date | null;
}

/** An enrolment as it is shown. */
export function toEnrolment({ courseId, userId, name, role, joinedAt, leftAt }: NamedEnrolment): Enrolment {
  return { courseId, user: { id: userId, name }, role, joinedAt, leftAt };
}

@ObjectType({ description: 'The skills of a course after they were saved.' })
export class SavedSkillGraph {
  @Field(() => Course)
  course!: Course;

  @Field(() => [Skill])
  skills!: readonly Skill[];
}

export const CourseConnection = connectionTypeOf(Course);
export const EnrolmentConnection = connectionTypeOf(Enrolment);
export const CourseResult = resultOf('CourseResult', Course);
export const SkillGraphResult = resultOf('SkillGraphResult', SavedSkillGraph);
export const EnrolmentResult = resultOf('EnrolmentResult', Enrolment);
