import { isWork, type ActivityContent, type Modality } from '#libs/learning';
import type { ActivityNeed } from '#libs/recommendation';

/**
 * What an activity takes of a learner. Work can be drawn or told in words, by keyboard; to label a picture whose places are not described
 * it has to be seen. Interactive pieces take a pointer. A film or a
 * sound has to be heard where it has neither captions nor a transcript, and a film to be seen where it has no transcript, which
 * tells what is shown as well. Pictures have an alternative text, which can be heard.
 */
export function needsOf(modality: Modality, { form, media }: ActivityContent): readonly ActivityNeed[] {
  const needs = new Set<ActivityNeed>();
  if (modality === 'drawing' && !isWork(form)) needs.add('drawing');
  if (modality === 'interactive') needs.add('pointer');
  if (form.kind === 'marks' && (form.places ?? []).length === 0) needs.add('sight');
  if (modality === 'audio' || modality === 'video') {
    // Films and sounds are linked; pictures of the course are not.
    const played = media.filter(({ src }) => src.startsWith('https:'));
    if (!played.every(({ captions, transcript }) => captions ?? transcript)) needs.add('hearing');
    if (modality === 'video' && !played.every(({ transcript }) => transcript)) needs.add('sight');
  }
  return [...needs];
}
