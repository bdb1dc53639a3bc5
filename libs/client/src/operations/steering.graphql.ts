import { operation, refusal, type Outcome } from './operation.js';

/** An activity that comes next; for one learner, or for all where that is null or left out. */
export interface ControlPinView {
  readonly activityId: string;
  readonly learnerId?: string | null;
  /** RFC 3339; null for no end. */
  readonly until?: string | null;
}

/** A date for an activity or for a skill: one of the two is set. */
export interface ControlDueDateView {
  readonly activityId?: string | null;
  readonly skillId?: string | null;
  /** A day where the institution is, such as 2026-12-24; the date comes when it ends. */
  readonly on: string;
}

/** What teachers set for what comes next. */
export interface ControlsInput {
  readonly pins: readonly ControlPinView[];
  readonly bannedActivityIds: readonly string[];
  readonly skillOrder: readonly string[];
  readonly dueDates: readonly ControlDueDateView[];
}

/** What is set in a course, with what there is to know of it. */
export interface ControlsView extends ControlsInput {
  readonly courseId: string;
  readonly version: number;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly ids: readonly string[] }[];
}

const controlFields = `courseId version pins { activityId learnerId until } bannedActivityIds skillOrder
  dueDates { activityId skillId on } warnings { code message ids }`;

/** What the teachers of a course have set, for those who teach it. */
export const courseControls = operation<{ courseControls: ControlsView }, { courseId: string }>(
  `query CourseControls($courseId: UUID!) { courseControls(courseId: $courseId) { ${controlFields} } }`,
);

/** Sets it in the place of all that was set before; `version` is the one that was read. */
export const setCourseControls = operation<
  { setCourseControls: Outcome<'CourseControls', ControlsView> },
  { input: ControlsInput & { courseId: string; version: number } }
>(`mutation SetCourseControls($input: SetCourseControlsInput!) {
    setCourseControls(input: $input) { __typename ... on CourseControls { ${controlFields} } ${refusal} }
  }`);

/** A policy, by name and version. */
export interface PolicyReference {
  readonly name: string;
  readonly version: number;
}

/** Numbers for choosing, as those who teach a course see them. */
export interface CoursePolicyView extends PolicyReference {
  /** The policy that it changes; null for one that every course has. */
  readonly base: PolicyReference | null;
  /** Null where they can no longer be read. */
  readonly numbers: unknown;
  readonly createdAt: string | null;
}

/** Which policies choose in a course, the control first. Times are texts in RFC 3339. */
export interface PolicyPlanView {
  readonly arms: readonly { readonly policy: PolicyReference; readonly share: number }[];
  readonly salt: string;
  readonly notice: boolean;
  readonly startsAt: string;
  readonly endsAt: string | null;
}

interface CoursePoliciesView {
  readonly policies: readonly CoursePolicyView[];
  readonly plan: PolicyPlanView | null;
}

const policyFields = 'name version base { name version } numbers createdAt';
const coursePoliciesFields = `policies { ${policyFields} }
      plan { arms { policy { name version } share } salt notice startsAt endsAt }`;

/** The policies that may choose in a course that one teaches, and which of them do. */
export const policies = operation<{ policies: CoursePoliciesView }, { courseId: string }>(
  `query Policies($courseId: UUID!) { policies(courseId: $courseId) { ${coursePoliciesFields} } }`,
);

/** Makes a policy of a course that one teaches. */
export const createPolicy = operation<
  { createPolicy: Outcome<'Policy', CoursePolicyView> },
  { input: { courseId: string; name: string; version: number; base: PolicyReference; changes: unknown } }
>(`mutation CreatePolicy($input: CreatePolicyInput!) {
    createPolicy(input: $input) { __typename ... on Policy { ${policyFields} } ${refusal} }
  }`);

/** Says which policies choose in a course that one teaches; null for the default. */
export const setPolicyPlan = operation<
  { setPolicyPlan: Outcome<'CoursePolicies', CoursePoliciesView> },
  { input: { courseId: string; plan: PolicyPlanView | null } }
>(`mutation SetPolicyPlan($input: SetPolicyPlanInput!) {
    setPolicyPlan(input: $input) { __typename ... on CoursePolicies { ${coursePoliciesFields} } ${refusal} }
  }`);

/** What a learner is told while policies are compared in her course; null while none are. */
export const experimentNotice = operation<
  { experimentNotice: { readonly text: string; readonly takesPart: boolean } | null },
  { courseId: string }
>(`query ExperimentNotice($courseId: UUID!) { experimentNotice(courseId: $courseId) { text takesPart } }`);

/** Says whether one takes part where policies are compared. */
export const setExperimentParticipation = operation<
  { setExperimentParticipation: Outcome<'ExperimentParticipation', { courseId: string; takesPart: boolean }> },
  { courseId: string; takesPart: boolean }
>(`mutation SetExperimentParticipation($courseId: UUID!, $takesPart: Boolean!) {
    setExperimentParticipation(courseId: $courseId, takesPart: $takesPart) {
      __typename ... on ExperimentParticipation { courseId takesPart } ${refusal}
    }
  }`);

/** How a class that one teaches was engaged, in periods of five minutes, for a day at most; times are texts in RFC 3339. */
export const classEngagement = operation<
  {
    classEngagement: readonly {
      readonly at: string;
      /** Null where they are too few to be told of. */
      readonly learners: number | null;
      readonly shares: readonly { readonly label: string; readonly share: number }[];
    }[];
  },
  { courseId: string; from: string; to: string }
>(`query ClassEngagement($courseId: UUID!, $from: DateTime!, $to: DateTime!) {
    classEngagement(courseId: $courseId, from: $from, to: $to) { at learners shares { label share } }
  }`);
