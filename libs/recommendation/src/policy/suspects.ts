import type { InterventionInput, Suspect } from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { isMastered } from './fringe-and-band.js';
import { graphOf, type SkillGraph } from './skill-graph.js';

/** What is left of a skill's part in an error with every link between it and the item. */
const perLink = 0.9;

/** Probability of an error that the lack of no skill causes: a slip. */
const slip = 0.1;

/**
 * The skills that could explain an error on an item, by how probably each does.
 *
 * Noisy-or (J. Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, § 4.3.2): every skill that the item asks for
 * or stands on is lacking with probability 1 − m_s, m_s its mastery, and the lack of one that stands d links away causes
 * an error with probability .9^d, whatever the others do; a slip causes one with probability .1. Given an error, a skill's
 * lack was a cause of it with probability
 *
 *   r_s = .9^d_s (1 − m_s) / (1 − (1 − .1) Π_j (1 − .9^d_j (1 − m_j)))
 *
 * Several may have been, so these do not sum to 1. The item's own skills always count; what they stand on counts if it is
 * neither mastered nor stronger than the skill that stands on it, or else it would explain nothing. Most probable first.
 */
export function suspectsOf(
  { skillIds, skills, mastery }: Pick<InterventionInput, 'skillIds' | 'skills' | 'mastery'>,
  policy: Policy,
): readonly Suspect[] {
  const graph = graphOf(skills);
  const own = [...new Set(skillIds)].map((skillId) => ({ skillId, mastery: mastery(skillId).probability }));
  own.sort((a, b) => a.mastery - b.mastery || (a.skillId < b.skillId ? -1 : 1));
  const ownIds = new Set(own.map(({ skillId }) => skillId));
  const beneath = new Set(own.flatMap(({ skillId }) => graph.prerequisitesOf(skillId)));
  const suspects: Suspect[] = [];
  let spared = 1 - slip;
  for (const one of own) {
    spared *= one.mastery;
    suspects.push({ ...one, forSkillId: one.skillId, responsibility: 1 - one.mastery });
  }
  for (const skillId of beneath) {
    if (ownIds.has(skillId)) continue;
    const estimate = mastery(skillId);
    const lack = perLink ** nearest(own, skillId, graph)!.links * (1 - estimate.probability);
    spared *= 1 - lack;
    if (isMastered(estimate, policy)) continue;
    const weaker = nearest(
      own.filter((one) => estimate.probability < one.mastery),
      skillId,
      graph,
    );
    if (weaker === null) continue;
    suspects.push({ skillId, forSkillId: weaker.forSkillId, mastery: estimate.probability, responsibility: lack });
  }
  return suspects
    .map((suspect) => ({ ...suspect, responsibility: suspect.responsibility / (1 - spared) }))
    .sort((a, b) => b.responsibility - a.responsibility || (a.skillId < b.skillId ? -1 : 1));
}

/** The skill with the fewest links down to another; of equals, the first. Null when none stands on it. */
function nearest(
  own: readonly { readonly skillId: string }[],
  skillId: string,
  graph: SkillGraph,
): { readonly forSkillId: string; readonly links: number } | null {
  let found: { readonly forSkillId: string; readonly links: number } | null = null;
  for (const one of own) {
    const links = graph.distanceTo(one.skillId, skillId);
    if (links !== null && (found === null || links < found.links)) found = { forSkillId: one.skillId, links };
  }
  return found;
}
