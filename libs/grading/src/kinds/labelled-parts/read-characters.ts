import type { SeenCharacter } from '../../sheet.ports.js';
import { foldLabel, slipsAllowed } from './label-text.js';
import { termsOf } from './labelled-parts.js';
import { labelReader, type Vocabulary } from './read-label.js';

/** What was written, as far as it could be read. */
export interface ReadWriting {
  /** As it was most likely written; where that is a term of the vocabulary, the term. */
  readonly text: string;
  /** How likely it is that this was written, or something that means the same, from 0 to 1. */
  readonly confidence: number;
}

/**
 * Costs in nats, chosen on generated sheets of other seeds than those that are reported.
 * - dropped, added: a character was overlooked, or seen where there is none; thin: the same of one that is a mere stroke; space: of a space
 * - joined: two characters were seen for one
 * - slip: the writer has made a slip of the pen; other: she has written something that is not in the vocabulary
 */
const costs = { dropped: 5.6, added: 5.6, thin: 4.4, space: 0.7, joined: 3.4, slip: 3.6, other: 6 } as const;
/**
 * Of the share that what was seen leaves over, what goes to a character that looks like it, and to any other; and by how much that is
 * more where the whole of it is seen unclearly.
 */
const leftOver = { alike: 0.12, other: 0.03, unclear: 4 } as const;
/** Nats for each character from where on what was seen is scribble: of a term, and of a word that nothing else speaks for. */
const noise = { term: 1.1, word: 0.25, width: 0.12 } as const;

/** Letters that look alike when they are printed by hand; and pairs that look like one. */
const alike = ['iljt1|', 'ceo', 'aodug', 'nmrhu', 'vyuw', 'gqy', 'pq', 'bhk', 'szx', 'ft'];
const joined: Readonly<Record<string, readonly string[]>> = {
  m: ['rn', 'in', 'ni', 'nr', 'ri'],
  n: ['ri', 'ii', 'ir'],
  u: ['ii', 'li'],
  d: ['cl', 'ol', 'al'],
  w: ['vv', 'uv'],
  h: ['ln', 'li', 'ir'],
};
const thin = 'iljtrf1';

/** One character as it was seen, folded as labels are. */
interface Slot {
  /** The likeliest first. */
  readonly choices: readonly { readonly text: string; readonly share: number }[];
  /** How unclearly all of it is seen: 1 where it is clear, and more where it is not. */
  readonly doubt: number;
}

/** Something that may have been written, and how dear it is to believe that. */
interface Hypothesis {
  readonly text: string;
  readonly cost: number;
}

/**
 * Makes a reader of written characters that knows what may have been written. Each term may stand there as it is spelt, or with as many
 * slips of the pen as it bears; or something may stand there that is no term. Each of these is as likely as the best alignment
 * of its characters with what was seen, a weighted edit distance (Wagner & Fischer 1974) with −log of a character's share as the cost
 * of having seen it: what was misread is explained by what else the characters looked like, and what was misspelt costs a slip. So
 * a letter that was misread is not held against the learner, and a misspelling that is plainly to be seen is one.
 * The confidence is the share of all that means the same to the grader among all hypotheses, times how well it explains what was seen.
 * Two terms that are nearly as likely as one another leave neither of them sure.
 */
export function characterReader(vocabulary: Vocabulary): (seen: readonly SeenCharacter[]) => ReadWriting {
  const read = labelReader(vocabulary);
  const written = [
    ...vocabulary.parts.flatMap(({ label, synonyms }) => [label, ...synonyms]),
    ...vocabulary.confusable.flatMap(termsOf),
  ];
  const terms = [...new Map(written.map((term) => [foldLabel(term), term]))];
  const meaningOf = (text: string): string => {
    const { folded, parts, known } = read(text);
    if (parts.size > 0) return [...parts].map(([part, how]) => `${part} ${how}`).join(', ');
    return known ? folded : anotherWord;
  };
  return (seen) => {
    const slots = fold(seen);
    const asSeen = slots.map(({ choices }) => choices[0]!.text).join('');
    if (asSeen.trim() === '') return { text: '', confidence: 0 };
    const seenCost = slots.reduce((sum, slot) => sum + costOfSeeing(slot), 0);
    const hypotheses: Hypothesis[] = [
      ...terms.flatMap(([folded, term]) =>
        spellings(folded, slots).map(({ text, cost }) => ({ text: text === folded ? term : text, cost })),
      ),
      { text: asSeen.trim(), cost: costs.other + seenCost },
    ];
    const judged = hypotheses.map((each) => ({ ...each, meaning: meaningOf(each.text) }));
    judged.sort((one, other) => one.cost - other.cost || (one.text < other.text ? -1 : 1));
    const [best] = judged;
    const weigh = (some: readonly Hypothesis[]): number =>
      some.reduce((sum, { cost }) => sum + Math.exp(best!.cost - cost), 0);
    const share = weigh(judged.filter(({ meaning }) => meaning === best!.meaning)) / weigh(judged);
    const isWord = best!.meaning === anotherWord;
    const perCharacter = (isWord ? seenCost : best!.cost) / slots.length;
    const clear = 1 / (1 + Math.exp((perCharacter - (isWord ? noise.word : noise.term)) / noise.width));
    return { text: best!.text, confidence: Math.round(share * clear * 1e4) / 1e4 };
  };
}

const anotherWord = '?';

/** What was seen, folded: what comes down to the same character counts as one, and punctuation as a space. */
function fold(seen: readonly SeenCharacter[]): Slot[] {
  const folded = seen
    .map((character) => {
      const shares = new Map<string, number>();
      for (const { text, share } of character) {
        const same = foldLabel(text) || ' ';
        shares.set(same, (shares.get(same) ?? 0) + share);
      }
      return [...shares].map(([text, share]) => ({ text, share })).sort((one, other) => other.share - one.share);
    })
    .filter((choices) => choices.length > 0);
  const clear = folded.reduce((sum, [top]) => sum + Math.min(1, top!.share), 0) / Math.max(1, folded.length);
  return folded.map((choices) => ({ choices, doubt: 1 + leftOver.unclear * (1 - clear) }));
}

/**
 * The best explanation of what was seen by a term with no slip, with one, and so on up to as many as it bears; each with the text that
 * was written then. Alignment by dynamic programming over characters seen, characters of the term, and slips.
 */
function spellings(term: string, slots: readonly Slot[]): Hypothesis[] {
  const characters = [...term];
  const most = slipsAllowed(term);
  const across = characters.length + 1;
  const best: (Hypothesis | null)[] = [];
  const at = (seen: number, read: number, slips: number): Hypothesis | null =>
    seen < 0 || read < 0 || slips < 0 ? null : (best[(seen * across + read) * (most + 1) + slips] ?? null);
  for (let seen = 0; seen <= slots.length; seen++) {
    for (let read = 0; read <= characters.length; read++) {
      for (let slips = 0; slips <= most; slips++) {
        let found: Hypothesis | null = seen === 0 && read === 0 && slips === 0 ? { text: '', cost: 0 } : null;
        const from = (before: Hypothesis | null, text: string, cost: number): void => {
          if (before === null || (found !== null && before.cost + cost >= found.cost)) return;
          found = { text: before.text + text, cost: before.cost + cost };
        };
        const slot = slots[seen - 1];
        const character = characters[read - 1] ?? '';
        if (slot !== undefined) {
          const [top] = slot.choices;
          from(at(seen - 1, read - 1, slips), character, character === '' ? Infinity : costOfReading(character, slot));
          from(at(seen - 1, read, slips), '', costOfMissing(top!.text, costs.added) + costOfSure(slot));
          if (top!.text !== character) {
            from(at(seen - 1, read - 1, slips - 1), top!.text, costs.slip + costOfSeeing(slot));
          }
          from(at(seen - 1, read, slips - 1), top!.text, costs.slip + costOfSeeing(slot));
          if (seen > 1 && read > 0) {
            const pair = slots[seen - 2]!.choices[0]!.text + top!.text;
            if (joined[character]?.includes(pair) === true)
              from(at(seen - 2, read - 1, slips), character, costs.joined);
          }
          if (seen > 1 && read > 1 && characters[read - 2] !== character) {
            const cost =
              costs.slip + costOfReading(character, slots[seen - 2]!) + costOfReading(characters[read - 2]!, slot);
            from(at(seen - 2, read - 2, slips - 1), character + characters[read - 2]!, cost);
          }
        }
        if (character !== '') {
          from(at(seen, read - 1, slips), character, costOfMissing(character, costs.dropped));
          from(at(seen, read - 1, slips - 1), '', costs.slip);
        }
        best[(seen * across + read) * (most + 1) + slips] = found;
      }
    }
  }
  return Array.from({ length: most + 1 }, (_, slips) => at(slots.length, characters.length, slips)).filter(
    (each) => each !== null,
  );
}

/** Of what was seen most likely in a place. */
function costOfSeeing({ choices }: Slot): number {
  return -Math.log(Math.max(1e-3, choices[0]!.share));
}

/** Of a character that was seen as something else: its share, or what is left over by the rest. */
function costOfReading(character: string, { choices, doubt }: Slot): number {
  const [top] = choices;
  const share = choices.find(({ text }) => text === character)?.share ?? 0;
  const looks = alike.some((group) => group.includes(character) && group.includes(top!.text));
  const spare = (1.05 - Math.min(1, top!.share)) * doubt * (looks ? leftOver.alike : leftOver.other);
  return -Math.log(Math.max(Math.min(0.5, spare), share));
}

function costOfMissing(character: string, usual: number): number {
  if (character === ' ') return costs.space;
  return thin.includes(character) ? costs.thin : usual;
}

/** More of it for a character that was seen plainly: something is there. */
function costOfSure({ choices }: Slot): number {
  return choices[0]!.text === ' ' ? 0 : 2 * Math.max(0, choices[0]!.share - 0.5);
}
