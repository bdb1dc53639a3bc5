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

/** Enrols somebody as a learner or a teacher; for administrators and services. */
export const enrol = operation<
  { enrol: Outcome<'Enrolment', { courseId: string; role: string }> },
  { input: { courseId: string; userId: string; role: 'learner' | 'teacher' } }
>(`mutation Enrol($input: EnrolInput!) {
    enrol(input: $input) { __typename ... on Enrolment { courseId role } ${refusal} }
  }`);
