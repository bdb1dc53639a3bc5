import type { Clock, EventPublisher, IdSource } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  becauseOf,
  toActivityView,
  type ActivityView,
  type Offer,
  type Recommendation,
} from '../model/activity-view.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { DecisionRecord, InterventionRecord } from '../model/records.js';
import type { Circumstances } from '../policy/choose-activity.js';
import type { CatalogueSource, Situation, TutoringStore } from '../ports.js';

/** What every act of tutoring needs. */
export interface TutoringDependencies {
  readonly store: TutoringStore;
  readonly catalogues: CatalogueSource;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export function circumstances({ clock, ids }: TutoringDependencies): Circumstances {
  return { now: new Date(clock.now()), decisionId: ids.next(), interventionId: ids.next() };
}

/** The catalogue that the database says is the present one. */
export async function presentCatalogue(
  { catalogues }: Pick<TutoringDependencies, 'catalogues'>,
  actor: Actor,
  {
    courseId,
    courseRevision: revision,
    modelSnapshot: snapshot,
    helpNumber: help,
  }: Pick<Situation, 'courseId' | 'courseRevision'> & Partial<Pick<Situation, 'modelSnapshot' | 'helpNumber'>>,
): Promise<CourseCatalogue> {
  const wanted = { revision, ...(snapshot !== undefined && { snapshot }), ...(help !== undefined && { help }) };
  const catalogue = await catalogues.getCatalogue(actor, courseId, wanted);
  if (catalogue === null) throw new Error(`The course ${courseId} has a session but no catalogue.`);
  return catalogue;
}

/** The view of one version of an activity; an older version is looked up. */
export async function viewOf(
  { catalogues }: TutoringDependencies,
  actor: Actor,
  catalogue: CourseCatalogue,
  cited: { readonly activityId: string; readonly activityVersion: number },
  languages: readonly string[],
): Promise<ActivityView> {
  const current = catalogue.activities.get(cited.activityId);
  if (current === undefined) throw new Error(`The course has no activity ${cited.activityId}.`);
  if (current.version === cited.activityVersion) return toActivityView(current, languages);
  const version = await catalogues.findVersion(actor, cited.activityId, cited.activityVersion);
  if (version === null) throw new Error(`The activity ${cited.activityId} has no version ${cited.activityVersion}.`);
  return toActivityView({ ...current, ...version, version: cited.activityVersion }, languages);
}

export async function recommendationOf(
  deps: TutoringDependencies,
  actor: Actor,
  catalogue: CourseCatalogue,
  decision: DecisionRecord | null,
  languages: readonly string[],
): Promise<Recommendation | null> {
  if (decision === null) return null;
  const { id: decisionId, reason } = decision;
  const activity = await viewOf(deps, actor, catalogue, decision, languages);
  return { decisionId, activity, reason, because: becauseOf(catalogue, reason, languages) };
}

/** The material of an offer; null for a break. */
export async function materialOf(
  deps: TutoringDependencies,
  actor: Actor,
  catalogue: CourseCatalogue,
  { activityId, activityVersion }: Pick<InterventionRecord, 'activityId' | 'activityVersion'>,
  languages: readonly string[],
): Promise<ActivityView | null> {
  if (activityId === null || activityVersion === null) return null;
  return viewOf(deps, actor, catalogue, { activityId, activityVersion }, languages);
}

/** What an act offered, to whom. */
export interface Offered {
  readonly catalogue: CourseCatalogue;
  readonly learnerId: string;
  readonly languages: readonly string[];
  /** The response, interaction or hint. */
  readonly causeId: string;
  /** `as-before`: the act was a resend, and what it offered the first time is stored. */
  readonly intervention: InterventionRecord | 'as-before' | null;
}

/** The offer of an act, after its commit. */
export async function offerOf(deps: TutoringDependencies, actor: Actor, offered: Offered): Promise<Offer | null> {
  const { catalogue, learnerId, languages, causeId } = offered;
  const intervention =
    offered.intervention === 'as-before' ? await deps.store.findOffer(actor, learnerId, causeId) : offered.intervention;
  if (intervention === null) return null;
  const { id: interventionId, trigger, reason, minutes: breakMinutes } = intervention;
  const activity = await materialOf(deps, actor, catalogue, intervention, languages);
  return { interventionId, trigger, because: becauseOf(catalogue, reason, languages), activity, breakMinutes };
}
