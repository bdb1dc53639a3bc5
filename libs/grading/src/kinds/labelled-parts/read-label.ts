import { charactersOf, foldLabel, formsOf, slipsAllowed, slipsBetween } from './label-text.js';
import { termsOf as termsOfPair, type LabelledParts } from './labelled-parts.js';

/** What may be written: parts with their names, and pairs of terms that learners take for one another. */
export interface Vocabulary {
  readonly parts: readonly { readonly label: string; readonly synonyms: readonly string[] }[];
  readonly confusable: readonly LabelledParts['confusable'][number][];
}

/** What a written label stands for. */
export interface Reading {
  readonly folded: string;
  /** Index of part → whether the label is one of its terms as written (`exact`) or with slips (`misspelt`). */
  readonly parts: ReadonlyMap<number, 'exact' | 'misspelt'>;
  /** Whether it is some known term, of a part or of a pair that learners confuse. */
  readonly known: boolean;
}

interface Term {
  readonly folded: string;
  readonly characters: readonly number[];
  readonly slips: number;
  /** Index of the part that it names; −1 for a term that only occurs among the confusable ones. */
  readonly part: number;
}

/**
 * Makes a reader for the labels of one vocabulary. A label is a term if their forms meet (case, width, punctuation,
 * articles and plurals aside). Otherwise it is a misspelling of the term nearest to it within
 * {@link slipsAllowed}; of several parts' when they are equally near; and of none if the nearest, or one as near, is a
 * term that names no part. A label that is a term is never a misspelling of another.
 */
export function labelReader(vocabulary: Vocabulary): (label: string) => Reading {
  const terms: Term[] = vocabulary.parts.flatMap((part, index) =>
    [part.label, ...part.synonyms].map((term) => termOf(term, index)),
  );
  const owners = new Map<string, Set<number>>();
  const own = ({ folded, part }: Term): void => {
    for (const form of formsOf(folded)) owners.set(form, (owners.get(form) ?? new Set()).add(part));
  };
  terms.forEach(own);
  for (const term of vocabulary.confusable.flatMap(termsOfPair)) {
    if (formsOf(foldLabel(term)).some((form) => owners.has(form))) continue;
    terms.push(termOf(term, -1));
    own(terms.at(-1)!);
  }
  const readings = new Map<string, Reading>();
  return (label) => {
    const folded = foldLabel(label);
    let reading = readings.get(folded);
    if (reading === undefined) {
      reading = read(folded, terms, owners);
      readings.set(folded, reading);
    }
    return reading;
  };
}

function termOf(term: string, part: number): Term {
  const folded = foldLabel(term);
  return { folded, characters: charactersOf(folded), slips: slipsAllowed(folded), part };
}

function read(folded: string, terms: readonly Term[], owners: ReadonlyMap<string, ReadonlySet<number>>): Reading {
  if (folded === '') return { folded, parts: new Map(), known: false };
  // the text as it stands goes before what it might be the plural of
  const [asWritten, ...singulars] = formsOf(folded);
  for (const forms of [[asWritten!], singulars]) {
    const named = new Set(forms.flatMap((form) => [...(owners.get(form) ?? [])]));
    if (named.size === 0) continue;
    const parts = [...named].filter((part) => part >= 0);
    return { folded, parts: new Map(parts.map((part) => [part, 'exact'])), known: true };
  }
  let fewest = Infinity;
  let nearest = new Set<number>();
  for (const characters of [folded, ...singulars].map(charactersOf)) {
    for (const term of terms) {
      const slips = slipsBetween(characters, term.characters, Math.min(term.slips, fewest));
      if (slips === null) continue;
      if (slips < fewest) nearest = new Set();
      fewest = slips;
      nearest.add(term.part);
    }
  }
  const parts = nearest.has(-1) ? [] : [...nearest].sort((a, b) => a - b);
  return { folded, parts: new Map(parts.map((part) => [part, 'misspelt'])), known: nearest.size > 0 };
}
