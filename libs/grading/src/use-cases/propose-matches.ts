import type { Digest } from '#libs/kernel';
import type { ScanMatching, ScanPage } from '../model/scan-batch.js';
import { matchPages } from '../policy/match-pages.js';
import { scanLimits, sureMatch } from '../policy/scan-limits.js';
import { sheetCodeOf } from '../policy/sheet-code.js';
import type { Assignment } from '../ports.js';
import type { ClassRoster } from '../scans.ports.js';

/** How pages are laid to learners, as a teacher says it. */
export interface MatchingRequest {
  readonly matchBy: ScanMatching;
  readonly pagesPerLearner: number;
  /** The learners in the order of the pile, without those who are absent; null for the whole class by name. */
  readonly learnerIds: readonly string[] | null;
}

/**
 * Pages with what is proposed for them; what is sure enough is taken at once, everything else waits for a teacher. To be called
 * inside a unit of work.
 */
export async function proposeMatches(
  { roster, digest }: { readonly roster: ClassRoster; readonly digest: Digest },
  { id, courseId }: Assignment,
  pages: readonly ScanPage[],
  { learnerIds, ...plan }: MatchingRequest,
): Promise<readonly ScanPage[]> {
  const members = await roster.listClass(courseId, scanLimits.learners);
  const codes = new Map(members.map(({ pseudonym, learnerId }) => [sheetCodeOf(digest, id, pseudonym), learnerId]));
  const known = new Map(members.map((member) => [member.learnerId, member]));
  const pile = learnerIds === null ? members : learnerIds.flatMap((learnerId) => known.get(learnerId) ?? []);
  const matches = matchPages(pages, { pile, codes, ...plan });
  return pages.map((page) => {
    const proposed = matches.get(page.id) ?? null;
    const isSure = proposed !== null && proposed.confidence >= sureMatch;
    return { ...page, proposed, learnerId: isSure ? proposed.learnerId : null };
  });
}
