import type { Finding, WaitingWork } from '../queue.ports.js';
import { reviewValue, signatureOf } from './review-value.js';

/** Where something stands in the queue: as it was at a time, by value, the id telling apart what is worth the same. */
export interface ValueKey {
  readonly at: Date;
  readonly value: number;
  readonly id: string;
}

/** Work with its place in the queue. */
export interface RankedWork extends WaitingWork {
  readonly value: number;
}

/** Works of one assignment in which the same was found. */
export interface RankedGroup {
  /** The lowest id of its works, settled ones too: it stays while the queue is read. */
  readonly id: string;
  readonly assignmentId: string;
  readonly value: number;
  /** The lowest of its works; null where no program scored them. */
  readonly confidence: number | null;
  readonly findings: readonly Finding[];
  readonly flags: readonly string[];
  /** Those that wait, the most valuable first: at least one. */
  readonly works: readonly RankedWork[];
}

/**
 * The queue at a time, the most valuable first, each group of like works with its own. What was settled since counts for
 * how many are alike and is left out, so that the order of the rest is the same whatever is settled while it is read.
 */
export function rankQueue(
  works: readonly WaitingWork[],
  at: Date,
): { readonly works: readonly RankedWork[]; readonly groups: readonly RankedGroup[] } {
  const alike = new Map<string, WaitingWork[]>();
  for (const work of works) {
    const name = `${work.assignmentId} ${signatureOfWork(work)}`;
    const found = alike.get(name);
    if (found === undefined) alike.set(name, [work]);
    else found.push(work);
  }
  const groups = [...alike.values()].flatMap((members): RankedGroup[] => {
    const ranked = members
      .filter(({ waits }) => waits)
      .map((work) => ({ ...work, value: valueOf(work, members.length, at) }))
      .toSorted(byValue);
    const [first] = ranked;
    if (first === undefined) return [];
    const scored = members.flatMap(({ score }) => score ?? []);
    return [
      {
        id: members.reduce(
          (lowest, { submissionId }) => (submissionId < lowest ? submissionId : lowest),
          first.submissionId,
        ),
        assignmentId: first.assignmentId,
        value: Math.max(...members.map((work) => valueOf(work, members.length, at))),
        confidence: scored.length === 0 ? null : Math.min(...scored.map(({ confidence }) => confidence)),
        findings: first.score?.lost ?? [],
        flags: first.score?.flags ?? [],
        works: ranked,
      },
    ];
  });
  return {
    works: groups.flatMap((group) => group.works).toSorted(byValue),
    groups: groups.toSorted((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1)),
  };
}

/** What comes after a place of the queue. */
export function isAfter(key: ValueKey | null, { value, id }: Pick<ValueKey, 'value' | 'id'>): boolean {
  return key === null || value < key.value || (value === key.value && id > key.id);
}

function valueOf({ score, isAskedAbout, receivedAt }: WaitingWork, density: number, at: Date): number {
  const confidence = score === null || isAskedAbout ? null : score.confidence;
  return reviewValue({ confidence, density, waited: at.getTime() - receivedAt.getTime() });
}

function signatureOfWork({ score, isAskedAbout }: WaitingWork): string {
  // Who asks for another look is owed one of her own; what nobody could score has nothing that could be alike.
  if (score === null) return 'not scored';
  return `${signatureOf(score.lost, score.flags)}${isAskedAbout ? ' asked' : ''}`;
}

function byValue(a: RankedWork, b: RankedWork): number {
  return b.value - a.value || (a.submissionId < b.submissionId ? -1 : 1);
}
