import type { ConsentGiver } from './consent.js';

/**
 * How closely it may be looked at how a learner is doing, each more than the one before. `off`: not at all. `behaviour`: by
 * what she does in the app: answers, hints, times. `attention`: also by where she looks and how she holds herself. `affect`: also by
 * what her face shows.
 */
export const sensingModes = ['off', 'behaviour', 'attention', 'affect'] as const;
export type SensingMode = (typeof sensingModes)[number];

/** What kind of institution it is, where the law tells them apart. */
export const institutionKinds = ['school-district', 'school', 'university', 'company', 'unknown'] as const;
export type InstitutionKind = (typeof institutionKinds)[number];

/** For what a ceiling is set. */
export const ceilingScopes = ['institution', 'course', 'activity', 'learner'] as const;
export type CeilingScope = (typeof ceilingScopes)[number];

/** The most that is allowed for each; null where nothing was set. */
export type SensingCeilings = Readonly<Record<CeilingScope, SensingMode | null>>;

/** A reason why no more than `most` is done. */
export type SensingLimit =
  | { readonly by: 'law'; readonly most: SensingMode; readonly rule: SensingRule }
  /** Nobody has said, with a reference, that the law of this place was looked into. */
  | { readonly by: 'review'; readonly most: SensingMode }
  | { readonly by: 'ceiling'; readonly most: SensingMode; readonly scope: CeilingScope; readonly isDefault: boolean }
  | { readonly by: 'consent'; readonly most: SensingMode; readonly lacks: readonly MissingConsent[] }
  /** What counts towards a grade is not watched. */
  | { readonly by: 'graded'; readonly most: SensingMode };

/** Each mode but `off` is a purpose that somebody may consent to, or withdraw from. */
export type SensingPurpose = Exclude<SensingMode, 'off'>;

/** Whose consent to a mode is not there, or was withdrawn. */
export interface MissingConsent {
  readonly purpose: SensingPurpose;
  readonly of: ConsentGiver;
}

/** What the law of some place forbids, and where it says so. */
export interface SensingRule {
  readonly id: string;
  readonly title: string;
  /** ISO 3166 codes: of countries (`DE`), or of their parts (`US-IL`). */
  readonly jurisdictions: readonly string[];
  /** The kinds of institution that it binds; null for all. One of unknown kind is taken to be bound. */
  readonly institutionKinds: readonly InstitutionKind[] | null;
  /** The most that it leaves. */
  readonly most: SensingMode;
  /** The text of the law, by its name and address. */
  readonly source: { readonly title: string; readonly url: string };
  /** Days, as YYYY-MM-DD. */
  readonly inForceSince: string;
  readonly reviewedOn: string;
}

/** Whether a mode looks at somebody's body: where she looks, how she sits, what her face shows. */
export function isBiometric(mode: SensingMode): boolean {
  return mode === 'attention' || mode === 'affect';
}

/** The stricter of two modes. */
export function stricter(one: SensingMode, other: SensingMode): SensingMode {
  return sensingModes.indexOf(one) < sensingModes.indexOf(other) ? one : other;
}
