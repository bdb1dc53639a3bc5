import type { MatchReason, PageMatch } from '../model/scan-batch.js';

/** Who may be named in a path. */
export interface NamedLearner {
  readonly learnerId: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly email: string | null;
}

/** How sure it is that a page is a learner's, by what of her stands in its path. */
const weights = { 'external-id': 1, 'user-name': 0.95, name: 0.9, 'part-of-name': 0.5 } as const satisfies Partial<
  Record<MatchReason, number>
>;

/** Letters that are not a letter and its mark, as they are written without them. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};
/** Letters that German writes with an e where it has no dots: both spellings are the same name. */
const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };

/** Letters and digits of scripts that put nothing between words: in them a name is looked for within a word. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+$/u;

/** Characters below which an external id or a word of a name is too common to be found inside a longer path. */
const shortest = { externalId: 4, partOfName: 3 } as const;

/**
 * A text as words in small letters without marks, so that `MÜLLER_Anna (2)` and `müller anna 2` are the same (Unicode NFKC, NFD).
 * @param dotted writes ä, ö and ü as ae, oe and ue, instead of without their dots
 */
export function wordsOf(text: string, { dotted = false } = {}): readonly string[] {
  const small = text.normalize('NFKC').toLowerCase();
  const plain = [...small]
    .map((letter) => spelled[letter] ?? (dotted ? umlauts[letter] : undefined) ?? letter)
    .join('')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .normalize('NFC');
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What of a learner may stand in a path: words in both spellings. */
interface Spellings {
  readonly learnerId: string;
  readonly externalId: readonly string[];
  readonly userName: readonly string[];
  readonly names: readonly (readonly string[])[];
}

/** What was found of a learner, and the words by which. */
interface Found extends PageMatch {
  readonly words: readonly string[];
}

/**
 * Makes a function that tells whose a page is by its path. The surest reason wins, then the one whose words hold those of the
 * others, as `Anna Maria Müller` does those of `Anna Müller`; where that is nobody, it tells nothing. What a path names is never
 * logged.
 */
export function nameMatcher(roster: readonly NamedLearner[]): (path: string) => PageMatch | null {
  const spellings = roster.map(spellingsOf);
  return (path) => {
    const stem = path.replace(/\.[^./]*$/u, '');
    const paths = [wordsOf(stem), wordsOf(stem, { dotted: true })];
    const found = spellings.flatMap((learner) => lookFor(learner, paths) ?? []);
    const surest = Math.max(...found.map(({ confidence }) => confidence));
    const likely = found.filter(({ confidence }) => confidence === surest);
    const best = likely.filter(({ words }) =>
      likely.every((other) => other.words.every((word) => words.includes(word))),
    );
    if (best.length !== 1) return null;
    const { learnerId, reason, confidence } = best[0]!;
    return { learnerId, reason, confidence };
  };
}

function spellingsOf({ learnerId, name, externalId, email }: NamedLearner): Spellings {
  return {
    learnerId,
    externalId: wordsOf(externalId ?? ''),
    userName: wordsOf(email?.split('@')[0] ?? ''),
    names: [wordsOf(name), wordsOf(name, { dotted: true })],
  };
}

function lookFor(learner: Spellings, paths: readonly (readonly string[])[]): Found | null {
  const found = (reason: keyof typeof weights, words: readonly string[]): Found => ({
    learnerId: learner.learnerId,
    reason,
    confidence: weights[reason],
    words,
  });
  const { externalId, userName, names } = learner;
  for (const path of paths) {
    const isLong = lengthOf(externalId) >= shortest.externalId;
    if (isLong ? stands(externalId, path) : isSame(externalId, path)) return found('external-id', externalId);
  }
  const isTelling = userName.length > 1 || lengthOf(userName) >= shortest.externalId;
  if (isTelling && paths.some((path) => stands(userName, path))) return found('user-name', userName);
  const whole = names.find((name) => paths.some((path) => isNamed(name, path)));
  if (whole !== undefined) return found('name', whole);
  const parts = names.flatMap((name) =>
    name.filter((word) => word.length >= shortest.partOfName && paths.some((path) => path.includes(word))),
  );
  return parts.length === 0 ? null : found('part-of-name', parts);
}

/** Whether words stand in a path one after the other. */
function stands(words: readonly string[], path: readonly string[]): boolean {
  if (words.length === 0) return false;
  return path.some((_, start) => words.every((word, index) => path[start + index] === word));
}

function isSame(words: readonly string[], path: readonly string[]): boolean {
  return words.length > 0 && words.length === path.length && stands(words, path);
}

/** Whether all words of a name stand in a path, in any order, or written together. */
function isNamed(name: readonly string[], path: readonly string[]): boolean {
  if (name.length === 0) return false;
  if (name.every((word) => path.includes(word))) return name.length > 1 || path.length <= 2 || isUnspaced(name);
  const together = name.join('');
  return path.includes(together) || (isUnspaced(name) && path.some((word) => word.includes(together)));
}

function isUnspaced(name: readonly string[]): boolean {
  const together = name.join('');
  return together.length >= 2 && unspaced.test(together);
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, { length }) => sum + length, 0);
}
