import { photoLimits, type PhotoFinding, type PhotoRequest, type PhotoTask } from '../../photo.ports.js';
import type { LabPhoto, PhotoCriterion } from './lab-photo.js';

/** What was found of everything that a specification asks for. */
export interface PhotoFindings {
  readonly scale: PhotoFinding | null;
  /** By patch. */
  readonly card: readonly PhotoFinding[];
  /** By criterion. */
  readonly criteria: readonly PhotoFinding[];
}

/** What has to be measured for a specification: its scale, its card, its criteria. */
export function photoRequestOf({ frame, scale, card, criteria }: LabPhoto): PhotoRequest {
  const tasks: PhotoTask[] = [
    ...(scale === undefined ? [] : [{ kind: 'length', region: scale.region, polarity: scale.polarity } as const]),
    ...(card ?? []).map(({ region }) => ({ kind: 'colour', region }) as const),
    ...criteria.map(taskOf),
  ];
  if (tasks.length > photoLimits.tasks) throw new Error(`${tasks.length} tasks are more than a photo takes.`);
  return { frame: frame ?? null, tasks };
}

/** Puts findings in their places again. @param findings in the order of {@link photoRequestOf} */
export function sortFindings({ scale, card = [] }: LabPhoto, findings: readonly PhotoFinding[]): PhotoFindings {
  const first = scale === undefined ? 0 : 1;
  return {
    scale: scale === undefined ? null : (findings[0] ?? null),
    card: findings.slice(first, first + card.length),
    criteria: findings.slice(first + card.length),
  };
}

function taskOf(criterion: PhotoCriterion): PhotoTask {
  switch (criterion.measure) {
    case 'count': {
      const { region = null, polarity, diameter = null, classifier = null } = criterion;
      return { kind: 'count', region, polarity, diameter, classifier };
    }
    case 'colour':
      return { kind: 'colour', region: criterion.region };
    case 'gauge':
      return { kind: 'needle', centre: criterion.centre, radius: criterion.radius };
    case 'length':
      return { kind: 'length', region: criterion.region, polarity: criterion.polarity };
  }
}
