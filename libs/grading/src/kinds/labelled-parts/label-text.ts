/** Scripts that write words without spaces between them: there a space means nothing. */
const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const spaceInUnspaced = new RegExp(`(?<=[${unspaced}]) | (?=[${unspaced}])`, 'gu');

/**
 * What a label comes down to: Unicode NFKC, lower case, invisible characters and apostrophes dropped, other
 * punctuation and runs of spaces as one space, no leading English article, no spaces inside scripts that have none.
 * Labels that fold alike are written alike.
 */
export function foldLabel(label: string): string {
  return label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{Cc}'’ʼ]/gu, '')
    .replace(/[\p{P}\p{S}\p{Z}\s]+/gu, ' ')
    .trim()
    .replace(/^(?:the|an|a) (?=.)/, '')
    .replace(spaceInUnspaced, '');
}

/** Endings of plurals, English and the Latin and Greek ones of science, with what their singular may end in. */
const plurals: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ies$/, ['y']],
  [/ices$/, ['ix', 'ex']],
  [/(?<=(?:ch|sh|s|x|z))es$/, ['']],
  [/es$/, ['is', 'e']],
  [/(?<![sui])s$/, ['']],
  [/ata$/, ['a']],
  [/ia$/, ['ion', 'ium']],
  [/a$/, ['um', 'on']],
  [/i$/, ['us']],
  [/ae$/, ['a']],
];

/**
 * A folded label and what its singular could be, if its last word is a plural of four letters or more in Latin
 * script. Two labels whose forms meet are the same term: `mitochondria` and `mitochondrion`.
 */
export function formsOf(folded: string): readonly string[] {
  if (!/\p{Script=Latin}{4,}$/u.test(folded)) return [folded];
  const forms = new Set([folded]);
  for (const [ending, singulars] of plurals) {
    if (ending.test(folded)) for (const singular of singulars) forms.add(folded.replace(ending, singular));
  }
  return [...forms];
}

/**
 * How many slips of the pen a term bears and is still recognised: one in five characters. Alphabetic terms of four
 * letters or more bear one at least; shorter ones none (DNA is not RNA), nor do short terms in scripts where each
 * character is a word or nearly so.
 */
export function slipsAllowed(folded: string): number {
  const length = [...folded].length;
  const least = length >= 4 && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(folded) ? 1 : 0;
  return Math.max(least, Math.floor(length / 5));
}

/** A text as its characters (code points). */
export function charactersOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}

/**
 * Slips between two texts, counted in characters (code points): insertions, deletions, substitutions and
 * transpositions of neighbours (Damerau–Levenshtein, optimal string alignment). Returns null above `most`.
 * Only a band of width 2 · most + 1 around the diagonal is worked out (Ukkonen 1985).
 */
export function slipsBetween(s: readonly number[], t: readonly number[], most: number): number | null {
  if (Math.abs(s.length - t.length) > most) return null;
  const far = most + 1;
  let last = Array.from({ length: t.length + 1 }, (_, j) => Math.min(j, far));
  let beforeLast = last.map(() => far);
  let row = last.map(() => far);
  let leastOfLast = 0;
  for (let i = 1; i <= s.length; i++) {
    row.fill(far);
    if (i <= most) row[0] = i;
    let least = row[0]!;
    for (let j = Math.max(1, i - most); j <= Math.min(t.length, i + most); j++) {
      const same = s[i - 1] === t[j - 1] ? 0 : 1;
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && s[i - 1] === t[j - 2] && s[i - 2] === t[j - 1]) {
        slips = Math.min(slips, beforeLast[j - 2]! + 1);
      }
      row[j] = Math.min(slips, far);
      least = Math.min(least, slips);
    }
    // a transposition reaches two rows back, so one row alone beyond the limit does not end it
    if (least > most && leastOfLast > most) return null;
    [beforeLast, last, row] = [last, row, beforeLast];
    leastOfLast = least;
  }
  return last[t.length]! <= most ? last[t.length]! : null;
}
