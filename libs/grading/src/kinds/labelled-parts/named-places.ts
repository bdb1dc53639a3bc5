import type { FailureIssue } from '#libs/kernel';
import type { AnswerForm } from '#libs/learning';
import type { Marks } from '../../model/marks.js';
import type { WrittenFault } from '../../model/written-marks.js';
import type { LabelledParts } from './labelled-parts.js';

/** What is wrong with places that were named in place of marks on the picture. */
export function* faultsOfPlaces(parts: LabelledParts['parts'], marks: Marks): Generator<WrittenFault> {
  const known = new Set(parts.flatMap(({ place }) => place ?? []));
  const named = new Set<string>();
  for (const [at, { shape }] of marks.entries()) {
    if (shape.kind !== 'place') continue;
    if (named.has(shape.place)) yield { at, member: 'place', message: `names the place "${shape.place}" twice` };
    named.add(shape.place);
    if (known.size === 0) {
      yield { at, member: 'place', message: 'the places of this picture have no descriptions: tell it as a text' };
    }
  }
}

/** Places that a form describes are those of the parts, each part at one of them: else something could be drawn and not told. */
export function faultsOfForm({ parts }: LabelledParts, form: AnswerForm): readonly FailureIssue[] {
  const places = form.kind === 'marks' ? (form.places ?? []).map(({ id }) => id) : [];
  return parts.flatMap(({ id, place }, index): FailureIssue[] => {
    const path = `parts.${index}.place`;
    if (place === undefined) {
      const message = `The form describes places, but "${id}" is at none of them, so it could not be named in words.`;
      return places.length === 0 ? [] : [{ path, message }];
    }
    return places.includes(place) ? [] : [{ path, message: `The form describes no place "${place}".` }];
  });
}
