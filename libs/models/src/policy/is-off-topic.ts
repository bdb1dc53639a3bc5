import type { Manifest } from '../model/manifest.js';

/**
 * Whether a picture is further from all labels than what the model learnt from was; never where the model cannot tell.
 * @param distances one for each label; null where the model gives none
 */
export function isOffTopic(
  distances: ArrayLike<number> | null,
  { offTopicAbove }: Pick<Manifest, 'offTopicAbove'>,
): boolean {
  return distances !== null && offTopicAbove !== undefined && Math.min(...Array.from(distances)) > offTopicAbove;
}
