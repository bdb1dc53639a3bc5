import { createUnionType, Field, Int, InterfaceType, ObjectType } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';
import { assertUnreachable, isFailure, type FailureCode } from '#libs/kernel';

@InterfaceType({
  description: 'A refusal that was to be expected.',
  resolveType: (value: { code: FailureCode }) => failureTypeOf(value.code),
})
export abstract class Refusal {
  @Field({ description: 'Stable code; the catalogue is docs/error-codes.md.' })
  code!: string;

  @Field({ description: 'One sentence for people: what was wrong, and what to do.' })
  message!: string;
}

@ObjectType()
export class InputIssue {
  @Field({ description: 'Where in the input the problem stands.' })
  path!: string;

  @Field()
  message!: string;
}

@ObjectType({ implements: () => [Refusal], description: 'The input does not have the stated shape.' })
export class InvalidInput extends Refusal {
  @Field(() => [InputIssue], { nullable: true })
  issues?: InputIssue[];
}

@ObjectType({ implements: () => [Refusal], description: 'Nobody is signed in, or not somebody who may do this.' })
export class NotAllowed extends Refusal {}

@ObjectType({ implements: () => [Refusal], description: 'No such thing is visible to you.' })
export class NotFound extends Refusal {}

@ObjectType({ implements: () => [Refusal], description: 'The id was used before for another body.' })
export class IdReused extends Refusal {}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something else has this e-mail address, name or external key.',
})
export class Taken extends Refusal {}

@ObjectType({ implements: () => [Refusal], description: 'Too much at once: wait, or send less.' })
export class TooMuch extends Refusal {
  @Field(() => Int, { nullable: true, description: 'Seconds to wait.' })
  retryAfterSeconds?: number;
}

@ObjectType({ implements: () => [Refusal], description: 'The present state of things does not allow this.' })
export class NotNow extends Refusal {
  @Field(() => [InputIssue], { nullable: true, description: 'What is missing, where there is more than one thing.' })
  issues?: InputIssue[];
}

const failureTypes = [InvalidInput, NotAllowed, NotFound, IdReused, Taken, TooMuch, NotNow] as const;

/** Each code has one type; a new code does not compile until it has one too. */
export function failureTypeOf(code: FailureCode): string {
  switch (code) {
    case 'INVALID_INPUT':
    case 'WRONG_ANSWER_KIND':
    case 'UNKNOWN_VERSION':
    case 'CYCLIC_PREREQUISITES':
    case 'UNSUPPORTED_IMAGE':
      return InvalidInput.name;
    case 'UNAUTHENTICATED':
    case 'WRONG_CREDENTIALS':
    case 'FORBIDDEN':
    case 'FORBIDDEN_BY_LAW':
    case 'NOT_GRADED_BY_CLIENT':
    case 'OPERATION_NOT_PERSISTED':
      return NotAllowed.name;
    case 'NOT_FOUND':
    case 'UNKNOWN_OPERATION':
      return NotFound.name;
    case 'ID_REUSED':
      return IdReused.name;
    case 'TAKEN':
      return Taken.name;
    case 'TOO_LARGE':
    case 'RATE_LIMITED':
    case 'QUERY_TOO_COMPLEX':
    case 'BUSY':
      return TooMuch.name;
    case 'CHANGED_SINCE':
    case 'WRONG_STATE':
    case 'GATE_NOT_MET':
    case 'OFFER_ANSWERED':
    case 'SESSION_CLOSED':
    case 'ASSIGNMENT_CLOSED':
    case 'NO_MORE_ATTEMPTS':
    case 'NO_MORE_HINTS':
    case 'UNAVAILABLE':
    case 'INTERNAL':
      return NotNow.name;
    default:
      return assertUnreachable(code);
  }
}

/** The union of one good outcome and every refusal; the outcome's class is what anything but a failure resolves to. */
export function resultOf<T>(name: string, outcome: Type<T>): T | Refusal {
  return createUnionType({
    name,
    types: () => [outcome, ...failureTypes] as const,
    resolveType: (value: unknown) => (isFailure(value) ? failureTypeOf(value.code) : outcome),
  }) as T | Refusal;
}
