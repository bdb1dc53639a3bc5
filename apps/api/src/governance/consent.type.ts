import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { consentDecisions, consentGivers, consentPurposes } from '#libs/governance';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'One decision about one purpose. Another decision is another record.' })
export class ConsentRecord {
  @Field(() => Uuid)
  id!: string;

  @Field({ description: oneOf(consentPurposes) })
  purpose!: string;

  @Field({ description: oneOf(consentDecisions) })
  decision!: string;

  @Field({ description: oneOf(consentGivers) })
  givenAs!: string;

  @Field({ description: 'Which text was shown.' })
  noticeVersion!: string;

  @Field(() => Date, { nullable: true, description: 'When a grant ends by itself.' })
  expiresAt!: Date | null;

  @Field()
  recordedAt!: Date;
}

@ObjectType({ description: 'How things stand with one purpose: granted by somebody, and withdrawn by nobody.' })
export class ConsentStanding {
  @Field({ description: oneOf(consentPurposes) })
  purpose!: string;

  @Field()
  granted!: boolean;

  @Field(() => Date, { nullable: true, description: 'When the grant ends by itself; null for never.' })
  until!: Date | null;
}

@InputType()
export class RecordConsentInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  learnerId!: string;

  @Field({ description: oneOf(consentPurposes) })
  purpose!: string;

  @Field({ description: oneOf(consentDecisions) })
  decision!: string;

  @Field({ description: 'student, by the learner herself; guardian, recorded by an administrator or a service.' })
  givenAs!: string;

  @Field({ description: 'Which text was shown.' })
  noticeVersion!: string;

  @Field(() => Date, { nullable: true, description: 'When a grant ends by itself.' })
  expiresAt?: Date | null;
}

const endOfTime = new Date('2100-01-01T00:00:00Z');

export const recordConsentSchema = z.strictObject({
  id: z.string(),
  learnerId: z.string(),
  purpose: z.enum(consentPurposes),
  decision: z.enum(consentDecisions),
  givenAs: z.enum(consentGivers),
  noticeVersion: z.string().trim().min(1).max(60),
  expiresAt: z.date().max(endOfTime, 'must be before the year 2100').nullable().default(null),
});

export const ConsentRecordConnection = connectionTypeOf(ConsentRecord);
export const RecordConsentResult = resultOf('RecordConsentResult', ConsentRecord);
