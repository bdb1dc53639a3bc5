import { logistic } from '../policy/logistic.js';
import type { DifficultyTable } from './difficulty.js';
import type { Difficulty, TracedItem } from './features.js';

/** Prior weight, in responses, of what is known of a set of skills before any answer to it, and of an item of them. */
const priorOfSkills = 20;
const priorOfItem = 6;

/**
 * The difficulty of an item whose author said how difficult it is, in logits d. With n, r and d̄ the responses, right
 * answers and mean d of a set of skills S so far (d̄ = d where there are none), and n_i, r_i those of the item:
 *
 *   p_S = (r + 20 σ(−d̄)) / (n + 20),   p̄_i = (r_i + 6 σ(logit p_S − (d − d̄))) / (n_i + 6)
 *
 * So an author's word holds until there are answers; answers to a skill move all of its items, new ones as well, and keep
 * the differences that the author made between them; and answers to an item count for that item.
 */
export function authoredDifficulty(table: DifficultyTable, { item, skills }: TracedItem, d: number): Difficulty {
  const ofSkills = table.skillSets.get(skills.join(' '));
  const ofItem = item === null ? undefined : table.items.get(item);
  const n = ofSkills?.responses ?? 0;
  const mean = n === 0 ? d : ofSkills!.authored / n;
  const skillsShare = ((ofSkills?.right ?? 0) + priorOfSkills * logistic(-mean)) / (n + priorOfSkills);
  const prior = logistic(logit(skillsShare) - (d - mean));
  const answered = ofItem?.responses ?? 0;
  const expected = ((ofItem?.right ?? 0) + priorOfItem * prior) / (answered + priorOfItem);
  return {
    skills: logit(skillsShare),
    item: logit(expected),
    expected,
    logResponses: Math.log1p(answered),
  };
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
