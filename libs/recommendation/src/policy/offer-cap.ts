import type { InterventionInput, RecentIntervention } from '../model/intervention.js';
import type { InterventionNumbers } from './intervention-numbers.js';

/**
 * Whether enough was offered for now: `perWindow` offers within the window, which grows by `tightening` of itself with
 * every offer that was dismissed or contested after the last accepted one. The learner's own request is never capped. An offer with a
 * number from the future counts as just made.
 */
export function isCapped(
  { trigger, recentInterventions, sequence }: Pick<InterventionInput, 'trigger' | 'recentInterventions' | 'sequence'>,
  { window, perWindow, tightening }: Pick<InterventionNumbers, 'window' | 'perWindow' | 'tightening'>,
): boolean {
  if (trigger === 'asked-for-help') return false;
  const stretched = window * (1 + tightening * dismissalsInARow(recentInterventions));
  return recentInterventions.filter((recent) => sequence - recent.sequence < stretched).length >= perWindow;
}

/** Offers that were dismissed, or contested, since one was last accepted. */
export function dismissalsInARow(recentInterventions: readonly RecentIntervention[]): number {
  let dismissed = 0;
  for (const { reaction } of [...recentInterventions].sort((a, b) => a.sequence - b.sequence)) {
    if (reaction === 'accepted') dismissed = 0;
    else if (reaction === 'dismissed' || reaction === 'contested') dismissed++;
  }
  return dismissed;
}
