import { Field, ObjectType } from '@nestjs/graphql';
import { resultOf } from '../graphql/failure.type.js';

@ObjectType('Tokens', { description: 'A short-lived access token, and what renews it.' })
export class TokensType {
  @Field({ description: 'Send it as `Authorization: Bearer …`, and in the handshake of a socket.' })
  accessToken!: string;

  @Field({ description: 'When the access token ends.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'Gives the next pair, once. Services have none.' })
  refreshToken!: string | null;
}

@ObjectType({ description: 'The sign-in has ended; its tokens and sockets are closed.' })
export class SignedOut {
  @Field()
  signedOut!: boolean;
}

export const SignInResult = resultOf('SignInResult', TokensType);
export const SignOutResult = resultOf('SignOutResult', SignedOut);
