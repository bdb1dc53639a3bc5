import { Args, Field, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { isFailure, type Failure } from '#libs/kernel';
import { ExchangeApiKey, RenewTokens, SignInLocally, SignOut, type Actor, type Tokens } from '#libs/identity';
import { ClientAddress, CurrentActor } from '../graphql/context.js';
import { parseInput } from '../request/input.js';
import { SignedOut, SignInResult, SignOutResult } from './tokens.type.js';

@InputType()
export class SignInInput {
  @Field({ description: 'Short name of the institution, such as "demo".' })
  institution!: string;

  @Field()
  email!: string;

  @Field()
  password!: string;
}

const signInSchema = z.object({
  institution: z.string().min(1).max(100),
  email: z.string().min(3).max(320),
  password: z.string().min(1).max(500),
});

/** The ways in and out. */
@Resolver()
export class SignInResolver {
  constructor(
    private readonly signInLocally: SignInLocally,
    private readonly renew: RenewTokens,
    private readonly signOutUser: SignOut,
    private readonly exchange: ExchangeApiKey,
  ) {}

  @Mutation(() => SignInResult, { description: 'Signs a person in. Open to everybody; tries are counted.' })
  async signIn(@Args('input') input: SignInInput, @ClientAddress() address: string): Promise<Tokens | Failure> {
    const parsed = parseInput(signInSchema, input);
    return isFailure(parsed) ? parsed : this.signInLocally.execute(parsed, { address });
  }

  @Mutation(() => SignInResult, {
    description: 'Gives a new pair of tokens for a refresh token, which is then used up.',
  })
  async renewTokens(@Args('refreshToken') refreshToken: string): Promise<Tokens | Failure> {
    return this.renew.execute(refreshToken);
  }

  @Mutation(() => SignInResult, { description: 'Gives a service an access token for its API key.' })
  async exchangeApiKey(@Args('apiKey') apiKey: string, @ClientAddress() address: string): Promise<Tokens | Failure> {
    return this.exchange.execute(apiKey, { address });
  }

  @Mutation(() => SignOutResult, { description: 'Ends this sign-in, or all of yours.' })
  async signOut(
    @CurrentActor() actor: Actor,
    @Args('everywhere', { defaultValue: false }) everywhere: boolean,
  ): Promise<SignedOut> {
    await this.signOutUser.execute(actor, { everywhere });
    return { signedOut: true };
  }
}
