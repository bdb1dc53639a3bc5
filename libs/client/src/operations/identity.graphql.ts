import type { TokenPair } from '../token-keeper.js';
import { operation, refusal, type Outcome } from './operation.js';

const tokens = `__typename ... on Tokens { accessToken expiresAt refreshToken } ${refusal}`;

type Tokens = Outcome<'Tokens', TokenPair>;

/** Signs a person in. */
export const signIn = operation<
  { signIn: Tokens },
  { input: { institution: string; email: string; password: string } }
>(`mutation SignIn($input: SignInInput!) { signIn(input: $input) { ${tokens} } }`);

/** Gives a new pair of tokens for a refresh token. */
export const renewTokens = operation<{ renewTokens: Tokens }, { refreshToken: string }>(
  `mutation RenewTokens($refreshToken: String!) { renewTokens(refreshToken: $refreshToken) { ${tokens} } }`,
);

/** Gives a service an access token. */
export const exchangeApiKey = operation<{ exchangeApiKey: Tokens }, { apiKey: string }>(
  `mutation ExchangeApiKey($apiKey: String!) { exchangeApiKey(apiKey: $apiKey) { ${tokens} } }`,
);

/** Ends this sign-in, or all of one's own. */
export const signOut = operation<{ signOut: Outcome<'SignedOut', { signedOut: boolean }> }, { everywhere: boolean }>(
  `mutation SignOut($everywhere: Boolean!) {
    signOut(everywhere: $everywhere) { __typename ... on SignedOut { signedOut } ${refusal} }
  }`,
);

/** Who is signed in. */
export const viewer = operation<{
  viewer: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly language: string;
    readonly roles: readonly string[];
    readonly institutionId: string;
  };
}>('query Viewer { viewer { id name email language roles institutionId } }');

/** Changes one's own password; the other sign-ins end. */
export const changePassword = operation<
  { changePassword: Outcome<'PasswordChanged', { userId: string }> },
  { input: { present: string; next: string } }
>(`mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) { __typename ... on PasswordChanged { userId } ${refusal} }
  }`);
