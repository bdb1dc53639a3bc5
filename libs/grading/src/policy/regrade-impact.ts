/** Points of a work, and how many there were to earn. */
export interface Points {
  readonly total: number;
  readonly maximum: number;
}

/** A work as it stands, and as it would come out; null where there is no score. */
export interface Regraded {
  readonly submissionId: string;
  readonly before: Points | null;
  readonly after: Points | null;
}

export interface RegradeImpact {
  /** Works whose share of the points would change, or that would gain or lose their score. */
  readonly affected: number;
  readonly higher: number;
  readonly lower: number;
  /** Works that no program could score any more. */
  readonly ungraded: number;
  /** Mean change of the share of the points, −1 to 1, over all works that are scored before and after; 0 where there are none. */
  readonly meanChange: number;
  /** Works that are affected, the largest change first, up to the limit; those that gain or lose their score come last. */
  readonly changes: readonly (Regraded & { readonly change: number | null })[];
}

/** Rounding of points leaves differences that are none. */
const nothing = 1e-9;

/**
 * What grading anew would do to the scores of works. Maxima may differ before and after, so that shares of the points are
 * compared.
 * @param limit how many changes are listed
 */
export function regradeImpact(works: readonly Regraded[], limit: number): RegradeImpact {
  const compared = works.map((work) => ({ ...work, change: changeOf(work) }));
  const shifts = compared.flatMap(({ change }) => change ?? []);
  const affected = compared.filter(({ before, after, change }) =>
    change === null ? (before === null) !== (after === null) : Math.abs(change) > nothing,
  );
  return {
    affected: affected.length,
    higher: shifts.filter((change) => change > nothing).length,
    lower: shifts.filter((change) => change < -nothing).length,
    ungraded: compared.filter(({ before, after }) => before !== null && after === null).length,
    meanChange: shifts.length === 0 ? 0 : shifts.reduce((sum, change) => sum + change, 0) / shifts.length,
    changes: affected.toSorted((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0)).slice(0, limit),
  };
}

function changeOf({ before, after }: Regraded): number | null {
  return before === null || after === null ? null : shareOf(after) - shareOf(before);
}

function shareOf({ total, maximum }: Points): number {
  return maximum === 0 ? 0 : total / maximum;
}
