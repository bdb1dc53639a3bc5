import { consentGivers, type ConsentGiver, type ConsentRecord } from '../model/consent.js';
import {
  ceilingScopes,
  sensingModes,
  stricter,
  type InstitutionKind,
  type SensingCeilings,
  type SensingLimit,
  type SensingMode,
  type SensingPurpose,
  type SensingRule,
} from '../model/sensing.js';
import { isInForce, lastOf } from './consent-standing.js';
import { sensingRules } from './jurisdiction-rules.js';

/** Everything that has a say in how closely it may be looked. */
export interface SensingCircumstances {
  readonly institution: SensedInstitution;
  readonly ceilings: SensingCeilings;
  /** The last records of the learner; null where it is asked for no learner in particular. */
  readonly consents: readonly ConsentRecord[] | null;
  /** Whether what is done counts towards a grade. */
  readonly graded: boolean;
}

/** What the law goes by. */
export interface SensedInstitution {
  /** ISO 3166 code, such as `DE` or `US-IL`; `unknown` allows least. */
  readonly jurisdiction: string;
  readonly kind: InstitutionKind;
  /** Where it is written that somebody has looked into the law of this place; null where nobody has. */
  readonly biometricReview: string | null;
}

/** The mode, and every reason why it is no more, the strictest first. */
export interface Sensing {
  readonly mode: SensingMode;
  readonly limits: readonly SensingLimit[];
}

/** Where nobody has set anything. */
export const usualMode: SensingMode = 'behaviour';

/** How closely it may be looked: the least of what the law, those who set ceilings, and consent leave. */
export function resolveSensing(circumstances: SensingCircumstances, now: number): Sensing {
  const { institution, ceilings, consents, graded } = circumstances;
  const limits = [
    ...lawLimits(institution),
    ...ceilingLimits(ceilings),
    ...(consents === null ? [] : consentLimits(consents, institution.kind, now)),
    ...(graded ? [{ by: 'graded', most: 'off' } as const] : []),
  ].sort((a, b) => sensingModes.indexOf(a.most) - sensingModes.indexOf(b.most));
  return { mode: limits.reduce<SensingMode>((mode, { most }) => stricter(mode, most), 'affect'), limits };
}

/**
 * Whether behaviour is looked at: {@link resolveSensing} says more than `off`. For whoever asks with every answer, and has no time
 * for reasons.
 */
export function observesBehaviour(around: {
  readonly ceilings: SensingCeilings;
  /** Whether somebody has withdrawn from it. */
  readonly isWithdrawn: boolean;
  readonly graded: boolean;
}): boolean {
  return !around.graded && !around.isWithdrawn && ceilingScopes.every((scope) => around.ceilings[scope] !== 'off');
}

/** What the law leaves of an institution, whatever anybody sets: with the rule, or because nobody has looked into it. */
export function lawLimits({ jurisdiction, kind, biometricReview }: SensedInstitution): SensingLimit[] {
  const rules = sensingRules.filter((rule) => binds(rule, jurisdiction, kind));
  if (rules.length > 0) return rules.map((rule) => ({ by: 'law', most: rule.most, rule }));
  return jurisdiction !== 'unknown' && biometricReview !== null ? [] : [{ by: 'review', most: 'behaviour' }];
}

function binds({ jurisdictions, institutionKinds }: SensingRule, jurisdiction: string, kind: InstitutionKind): boolean {
  const [country] = jurisdiction.split('-');
  const isThere = jurisdictions.includes(jurisdiction) || jurisdictions.includes(country!);
  return isThere && (institutionKinds === null || kind === 'unknown' || institutionKinds.includes(kind));
}

function ceilingLimits({ institution, ...narrower }: SensingCeilings): SensingLimit[] {
  const limits: SensingLimit[] = [
    { by: 'ceiling', most: institution ?? usualMode, scope: 'institution', isDefault: institution === null },
  ];
  for (const scope of ['course', 'activity', 'learner'] as const) {
    const most = narrower[scope];
    if (most !== null) limits.push({ by: 'ceiling', most, scope, isDefault: false });
  }
  return limits.filter(({ most }) => most !== 'affect');
}

/**
 * Behaviour is looked at unless somebody has withdrawn it. What looks at the body needs the assent of the student and, except where
 * students are grown up, the consent of a guardian: both in force, and withdrawn by neither.
 */
function consentLimits(consents: readonly ConsentRecord[], kind: InstitutionKind, now: number): SensingLimit[] {
  const isWithdrawn = (purpose: SensingPurpose, of: ConsentGiver): boolean =>
    lastOf(consents, purpose, of)?.decision === 'withdrawn';
  const isGranted = (purpose: SensingPurpose, of: ConsentGiver): boolean => {
    const last = lastOf(consents, purpose, of);
    return last !== null && isInForce(last, now);
  };
  const asked: readonly ConsentGiver[] = areGrownUp.has(kind) ? ['student'] : consentGivers;
  const without: Readonly<Record<SensingPurpose, SensingMode>> = {
    behaviour: 'off',
    attention: 'behaviour',
    affect: 'attention',
  };
  return sensingPurposes.flatMap((purpose) => {
    const lacks = consentGivers.filter(
      (of) => isWithdrawn(purpose, of) || (purpose !== 'behaviour' && asked.includes(of) && !isGranted(purpose, of)),
    );
    return lacks.length === 0
      ? []
      : [{ by: 'consent', most: without[purpose], lacks: lacks.map((of) => ({ purpose, of })) } as const];
  });
}

const sensingPurposes = ['behaviour', 'attention', 'affect'] as const satisfies readonly SensingPurpose[];
/** Where students decide for themselves. */
const areGrownUp: ReadonlySet<InstitutionKind> = new Set<InstitutionKind>(['university', 'company']);
