import type { MasteryChange } from '#libs/mastery';
import type { Answer, GradedBy } from '#libs/learning';
import {
  offerReactions,
  type DrawnHelpOption,
  type HelpOption,
  type HelpPlace,
  type InterventionReason,
  type InterventionTrigger,
  type Reason,
  type ScoredCandidate,
} from '#libs/recommendation';

/** A response as a client sends it. Times are Unix milliseconds. */
export interface ResponseInput {
  /** Made by the client; the same id with the same body is the same response. */
  readonly id: string;
  readonly sessionId: string;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly answer: Answer;
  /** Only from a trusted service, for activities that it grades. */
  readonly correct: boolean | null;
  readonly durationMs: number;
  /** When it happened, by the clock of the device. */
  readonly at: number;
}

/** A response as it is stored, once and for all. */
export interface ResponseRecord {
  readonly id: string;
  readonly sequence: number;
  readonly activityId: string;
  readonly activityVersion: number;
  /** The recommendation that it answers; null where the learner answered something else. */
  readonly decisionId: string | null;
  readonly answer: Answer;
  /** Null where the activity asks nothing. */
  readonly correct: boolean | null;
  readonly gradedBy: GradedBy;
  readonly misconceptionId: string | null;
  readonly hintsUsed: number;
  readonly durationMs: number;
  /** Probability of a right answer, as predicted before the response. */
  readonly predicted: number | null;
  /** Number of the population weights that the prediction used. */
  readonly modelSnapshot: number;
  readonly changes: readonly MasteryChange[];
  readonly nextDecisionId: string | null;
  readonly deviceAt: Date;
  readonly receivedAt: Date;
}

/** A piece of work, as far as it shows what its learner can do. */
export interface SeenWork {
  readonly submissionId: string;
  readonly courseId: string;
  readonly learnerId: string;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly handedInAt: Date;
  readonly shown: readonly {
    readonly skillIds: readonly string[];
    /** Of the points for these skills, 0–1. */
    readonly share: number;
    /** Hints that had been given before; 0 for none. */
    readonly hintsUsed: number;
  }[];
}

/** What work shows of some skills, as it is stored among the responses. */
export interface WorkResponse extends Pick<
  ResponseRecord,
  'id' | 'sequence' | 'hintsUsed' | 'predicted' | 'modelSnapshot' | 'changes'
> {
  readonly skillIds: readonly string[];
  readonly correct: boolean;
}

/** A recommendation as it is stored: enough to explain it and to replay it. */
export interface DecisionRecord {
  readonly id: string;
  readonly sequence: number;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly policyName: string;
  readonly policyVersion: number;
  readonly graphVersion: number;
  readonly seed: string;
  /** Probability with which the policy chose this activity. */
  readonly probability: number;
  readonly reason: Reason;
  /** Terms of the utility of the chosen activity. */
  readonly terms: readonly { readonly name: string; readonly value: number }[];
  /** Numbers of all eligible activities, with their probabilities beside them. */
  readonly candidates: readonly number[];
  readonly probabilities: readonly number[];
  /** What they were drawn from, in the same order; empty in decisions that were made before it was kept. */
  readonly utilities: readonly number[];
  readonly decidedAt: Date;
}

/** What became of an offer. */
export const interventionStates = ['offered', ...offerReactions] as const;

/** What came of an offer, as far as its reward goes; `void` where nothing tells. */
export const helpOutcomes = ['right-after-help', 'wrong-after-help', 'dismissed', 'ignored', 'void'] as const;

/** What an offer was drawn from; its id is the seed. */
export interface OfferDraw {
  readonly policyName: string;
  readonly policyVersion: number;
  readonly probability: number;
  /** The whole distribution; a break is in it under the id `break`. */
  readonly candidates: readonly ScoredCandidate[];
  /** Which kind of help it is, and where its reward counts. */
  readonly help: HelpOption;
  readonly place: HelpPlace;
  /** Kinds of help with their probabilities, where they were drawn by how help has done. */
  readonly helpOptions: readonly DrawnHelpOption[] | null;
}

/** An offer of help as it is stored. */
export interface InterventionRecord {
  readonly id: string;
  readonly trigger: InterventionTrigger;
  /** Null for a break. */
  readonly activityId: string | null;
  readonly activityVersion: number | null;
  /** Length of a break; null for an activity. */
  readonly minutes: number | null;
  readonly reason: InterventionReason;
  /** Null in offers that were made before it was kept. */
  readonly draw: OfferDraw | null;
  readonly sequence: number;
  /** The response, interaction or hint that it follows. */
  readonly causeId: string;
  readonly state: (typeof interventionStates)[number];
  readonly offeredAt: Date;
}

export const interactionKinds = ['activity-shown', 'went-idle', 'came-back', 'left-page', 'asked-for-help'] as const;
export type InteractionKind = (typeof interactionKinds)[number];

/** What happened between two responses, as a client sends it. */
export interface InteractionInput {
  readonly id: string;
  readonly sessionId: string;
  readonly kind: InteractionKind;
  readonly activityId: string | null;
  readonly at: number;
}

export interface InteractionRecord {
  readonly id: string;
  readonly kind: InteractionKind;
  readonly activityId: string | null;
  readonly deviceAt: Date;
  readonly receivedAt: Date;
}

/** A hint that is asked for while an activity is open. */
export interface HintInput {
  readonly id: string;
  readonly sessionId: string;
  readonly activityId: string;
  readonly at: number;
}

export interface HintRecord {
  readonly id: string;
  readonly activityId: string;
  /** From 1. */
  readonly step: number;
  readonly deviceAt: Date;
  readonly givenAt: Date;
}
