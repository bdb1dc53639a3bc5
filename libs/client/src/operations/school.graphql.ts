import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** Makes somebody known; for administrators and services. */
export const createUser = operation<
  { createUser: Outcome<'UserAccount', { id: string; name: string }> },
  {
    input: {
      id: string;
      name: string;
      email?: string | null;
      password?: string | null;
      language?: string;
      roles: readonly string[];
    };
  }
>(`mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) { __typename ... on UserAccount { id name } ${refusal} }
  }`);

/** One of the people of an institution; times are texts in RFC 3339. */
export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly language: string;
  readonly roles: readonly string[];
  readonly source: string | null;
  readonly externalId: string | null;
  readonly disabledAt: string | null;
}

const personFields = 'id name email language roles source externalId disabledAt';

/** The people and services of the institution; for administrators and services. */
export const users = operation<
  { users: Connection<PersonView> },
  { role?: string | null; source?: string | null; externalId?: string | null; first: number; after: string | null }
>(`query Users($role: String, $source: String, $externalId: String, $first: Int!, $after: String) {
    users(role: $role, source: $source, externalId: $externalId, first: $first, after: $after) {
      edges { node { ${personFields} } } pageInfo { hasNextPage endCursor }
    }
  }`);

/** One of them. */
export const user = operation<{ user: PersonView | null }, { id: string }>(
  `query User($id: UUID!) { user(id: $id) { ${personFields} } }`,
);

/** Gives somebody other roles; for administrators and services. */
export const setUserRoles = operation<
  { setUserRoles: Outcome<'UserAccount', PersonView> },
  { input: { userId: string; roles: readonly string[] } }
>(`mutation SetUserRoles($input: SetUserRolesInput!) {
    setUserRoles(input: $input) { __typename ... on UserAccount { ${personFields} } ${refusal} }
  }`);

/** Gives somebody another password; for administrators. */
export const setUserPassword = operation<
  { setUserPassword: Outcome<'UserAccount', PersonView> },
  { input: { userId: string; password: string } }
>(`mutation SetUserPassword($input: SetUserPasswordInput!) {
    setUserPassword(input: $input) { __typename ... on UserAccount { ${personFields} } ${refusal} }
  }`);

/** Enrols somebody as a learner or a teacher; for administrators and services. */
export const enrol = operation<
  { enrol: Outcome<'Enrolment', { courseId: string; role: string }> },
  { input: { courseId: string; userId: string; role: 'learner' | 'teacher' } }
>(`mutation Enrol($input: EnrolInput!) {
    enrol(input: $input) { __typename ... on Enrolment { courseId role } ${refusal} }
  }`);

/** Shuts a user out; for administrators and services. */
export const disableUser = operation<{ disableUser: Outcome<'DisabledUser', { id: string }> }, { userId: string }>(
  `mutation DisableUser($userId: UUID!) {
    disableUser(userId: $userId) { __typename ... on DisabledUser { id } ${refusal} }
  }`,
);

/** Ends an enrolment; for administrators and services. */
export const endEnrolment = operation<
  { endEnrolment: Outcome<'Enrolment', { courseId: string; role: string; leftAt: string | null }> },
  { input: { courseId: string; userId: string } }
>(`mutation EndEnrolment($input: EndEnrolmentInput!) {
    endEnrolment(input: $input) { __typename ... on Enrolment { courseId role leftAt } ${refusal} }
  }`);

/** What a learner needs beside the language of the course. */
export interface AccommodationsView {
  readonly learnerId: string;
  readonly language: string;
  /** Factor of the usual time. */
  readonly extraTime: number;
  readonly excludedModalities: readonly string[];
  readonly keyboardOnly: boolean;
  readonly noDrawing: boolean;
  readonly screenReader: boolean;
}

const accommodationFields = 'learnerId language extraTime excludedModalities keyboardOnly noDrawing screenReader';

/** What a learner needs: oneself, or a learner whom one teaches. */
export const accommodations = operation<{ accommodations: AccommodationsView | null }, { learnerId: string }>(
  `query Accommodations($learnerId: UUID!) { accommodations(learnerId: $learnerId) { ${accommodationFields} } }`,
);

/** Says what a learner needs; for her teachers, administrators and services. */
export const setAccommodations = operation<
  { setAccommodations: Outcome<'Accommodations', AccommodationsView> },
  {
    input: {
      learnerId: string;
      language?: string | null;
      extraTime?: number | null;
      excludedModalities?: readonly string[] | null;
      keyboardOnly?: boolean | null;
      noDrawing?: boolean | null;
      screenReader?: boolean | null;
    };
  }
>(`mutation SetAccommodations($input: SetAccommodationsInput!) {
    setAccommodations(input: $input) { __typename ... on Accommodations { ${accommodationFields} } ${refusal} }
  }`);

/** The institution that one belongs to. */
export const institution = operation<{
  institution: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly language: string;
    readonly timeZone: string;
    readonly jurisdiction: string;
  };
}>('query Institution { institution { id slug name language timeZone jurisdiction } }');

/** An API key of a service, without its secret; times are texts in RFC 3339. */
export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

const apiKeyFields = 'id name userId createdAt expiresAt revokedAt';

/** All API keys of the institution; for administrators. */
export const apiKeys = operation<{ apiKeys: readonly ApiKeyView[] }>(`query ApiKeys { apiKeys { ${apiKeyFields} } }`);

/** Creates a service and its API key, whose secret is shown this once; for administrators. */
export const createApiKey = operation<
  { createApiKey: Outcome<'CreatedApiKey', { key: ApiKeyView; secret: string }> },
  { input: { name: string; expiresAt?: string | null } }
>(`mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { __typename ... on CreatedApiKey { key { ${apiKeyFields} } secret } ${refusal} }
  }`);

/** Ends an API key; for administrators. */
export const revokeApiKey = operation<{ revokeApiKey: Outcome<'RevokedApiKey', { id: string }> }, { id: string }>(
  `mutation RevokeApiKey($id: UUID!) { revokeApiKey(id: $id) { __typename ... on RevokedApiKey { id } ${refusal} } }`,
);
