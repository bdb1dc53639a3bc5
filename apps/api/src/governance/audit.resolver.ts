import { Field, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { ReadAuditHead, type AuditHead as AuditHeadModel } from '#libs/governance';
import type { Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';

@ObjectType({
  description:
    'The last seal of the audit. Note its hash elsewhere: `attune audit verify --expect` proves by it that nothing before it was changed.',
})
export class AuditHead {
  @Field(() => Int, { description: 'From 1, without gaps.' })
  number!: number;

  @Field({ description: 'SHA-256, in hexadecimal digits.' })
  hash!: string;

  @Field()
  sealedAt!: Date;
}

/** What holds the record of management acts fast. */
@Resolver()
export class AuditResolver {
  constructor(private readonly read: ReadAuditHead) {}

  @Query(() => AuditHead, {
    nullable: true,
    description: 'The head of the chain, for administrators; null where nothing was sealed yet.',
  })
  async auditHead(@CurrentActor() actor: Actor): Promise<AuditHeadModel | null> {
    return this.read.execute(actor);
  }
}
