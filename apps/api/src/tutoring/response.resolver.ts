import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { fail, isFailure, type Failure } from '#libs/kernel';
import { reactToOfferSchema, recordInteractionSchema, recordResponseSchema, requestHintSchema } from '#libs/contracts';
import type { Actor } from '#libs/identity';
import type { Answer } from '#libs/learning';
import {
  ReactToOffer,
  RecordInteraction,
  RecordResponse,
  RequestHint,
  type GivenHint,
  type ReactionNoted,
  type RecordedInteraction,
  type RecordedResponse,
} from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { offerReactions } from '#libs/recommendation';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import {
  ReactToOfferResult,
  RecordInteractionInput,
  RecordInteractionResult,
  RecordResponseInput,
  RecordResponseResult,
  RequestHintInput,
  RequestHintResult,
  type AnswerInput,
} from './tutoring.type.js';

/** What a learner does in a session. Every id is made by the client, so a resend is harmless. */
@Resolver()
export class ResponseResolver {
  constructor(
    private readonly record: RecordResponse,
    private readonly interact: RecordInteraction,
    private readonly hint: RequestHint,
    private readonly react: ReactToOffer,
  ) {}

  @Mutation(() => RecordResponseResult, {
    description: 'Records a response, updates mastery and recommends what comes next.',
  })
  async recordResponse(
    @CurrentActor() actor: Actor,
    @Args('input') input: RecordResponseInput,
  ): Promise<RecordedResponse | Failure> {
    const answer = toAnswer(input.answer);
    if (isFailure(answer)) return answer;
    const parsed = parseInput(recordResponseSchema, { ...input, answer, at: input.at.getTime() });
    return isFailure(parsed) ? parsed : this.record.execute(actor, parsed);
  }

  @Mutation(() => RecordInteractionResult, {
    description: 'Notes what happened between two responses; it may lead to an offer of help.',
  })
  async recordInteraction(
    @CurrentActor() actor: Actor,
    @Args('input') input: RecordInteractionInput,
  ): Promise<RecordedInteraction | Failure> {
    const parsed = parseInput(recordInteractionSchema, { ...input, at: input.at.getTime() });
    return isFailure(parsed) ? parsed : this.interact.execute(actor, parsed);
  }

  @Mutation(() => RequestHintResult, { description: 'Gives the next hint of an activity.' })
  async requestHint(
    @CurrentActor() actor: Actor,
    @Args('input') input: RequestHintInput,
  ): Promise<GivenHint | Failure> {
    const parsed = parseInput(requestHintSchema, { ...input, at: input.at.getTime() });
    return isFailure(parsed) ? parsed : this.hint.execute(actor, parsed);
  }

  @Mutation(() => ReactToOfferResult, { description: 'Accepts or dismisses an offer of help.' })
  async reactToOffer(
    @CurrentActor() actor: Actor,
    @Args('interventionId', { type: () => Uuid }) interventionId: string,
    @Args('reaction', { description: oneOf(offerReactions) }) reaction: string,
    @Args('at', { description: 'When, by the clock of the device.' }) at: Date,
  ): Promise<ReactionNoted | Failure> {
    const parsed = parseInput(reactToOfferSchema, { interventionId, reaction, at: at.getTime() });
    return isFailure(parsed) ? parsed : this.react.execute(actor, parsed);
  }
}

/** The one field that is set says of which kind the answer is. */
function toAnswer(input: AnswerInput): Answer | Failure {
  const given: Answer[] = [];
  if (input.done === true) given.push({ kind: 'done' });
  if (typeof input.choice === 'string') given.push({ kind: 'choice', option: input.choice });
  if (input.choices) given.push({ kind: 'choices', options: input.choices });
  if (typeof input.number === 'number') given.push({ kind: 'number', value: input.number });
  if (typeof input.text === 'string') given.push({ kind: 'text', text: input.text });
  if (input.order) given.push({ kind: 'order', items: input.order });
  const [answer] = given;
  if (answer === undefined || given.length > 1) return fail('INVALID_INPUT', 'answer: set exactly one of its fields.');
  return answer;
}
