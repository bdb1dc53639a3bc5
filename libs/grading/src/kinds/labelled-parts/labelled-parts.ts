import { z } from 'zod';
import { markLimits } from '#libs/kernel';
import { areaOf, selfCrossing, type Polygon } from '../../model/geometry.js';
import { hintsSchema } from '../../model/hints.js';
import { foldLabel, formsOf } from './label-text.js';

const term = z.string().trim().min(1).max(120);
const polygon = z
  .array(z.tuple([z.number(), z.number()]))
  .min(3, 'a region needs at least 3 corners')
  .max(300);

/** One part of the picture that has to be named. */
const partSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes'),
  label: term,
  synonyms: z.array(term).max(20).default([]),
  place: z
    .string()
    .max(64)
    .optional()
    .describe('Which of the places of the form it is, so that it can be named in words.'),
  /** Where the part is; any one of several regions will do. A region inside another is the inner part's alone. */
  polygons: z.array(polygon).min(1, 'a part needs at least one region').max(30),
  points: z.number().positive().max(100),
  /** The skill that the part gives evidence of. */
  skill: z.string().min(1).max(64),
  hints: hintsSchema,
});
export type Part = z.infer<typeof partSchema>;

const pair = z.tuple([term, term]);

const imageSide = z.number().positive().max(markLimits.imageSide);

/** The fields of {@link labelledPartsSchema}, before the rules that hold between them. */
const labelledPartsFields = z.strictObject({
  kind: z.literal('labelled-parts'),
  version: z.literal(1),
  /** Pixels. */
  image: z.strictObject({ width: imageSide, height: imageSide }),
  /** How far beside its region a mark still counts as a near miss, as a fraction of the picture's diagonal. */
  tolerance: z.number().min(0).max(0.2),
  parts: z.array(partSchema).min(1).max(60),
  confusable: z
    .array(z.union([pair, z.strictObject({ terms: pair, message: z.string().trim().min(1).max(500) })]))
    .max(100)
    .default([])
    .describe(
      'Pairs of terms that learners take for one another, perhaps with what to say to who did; neither is ever read as a misspelling.',
    ),
});

/** A picture whose parts have to be labelled. */
export const labelledPartsSchema = labelledPartsFields.superRefine((specification, context) => {
  for (const { message, path } of faultsOf(specification)) context.addIssue({ code: 'custom', message, path });
});
export type LabelledParts = z.infer<typeof labelledPartsSchema>;

/** The two terms of a pair that learners take for one another. */
export function termsOf(pairing: LabelledParts['confusable'][number]): readonly [string, string] {
  return Array.isArray(pairing) ? pairing : pairing.terms;
}

interface Fault {
  readonly message: string;
  readonly path: (string | number)[];
}

function* faultsOf(specification: z.infer<typeof labelledPartsFields>): Generator<Fault> {
  const { parts, image, confusable } = specification;
  const ids = new Set<string>();
  const places = new Set<string>();
  const owners = new Map<string, number>();
  const regions = new Map<string, number>();
  for (const [index, part] of parts.entries()) {
    if (ids.has(part.id)) yield { message: `Two parts have the id "${part.id}".`, path: ['parts', index, 'id'] };
    ids.add(part.id);
    if (part.place !== undefined && places.has(part.place)) {
      yield { message: `Two parts are at the place "${part.place}".`, path: ['parts', index, 'place'] };
    }
    if (part.place !== undefined) places.add(part.place);
    for (const [place, name] of [part.label, ...part.synonyms].entries()) {
      const path = ['parts', index, ...(place === 0 ? ['label'] : ['synonyms', place - 1])];
      const folded = foldLabel(name);
      if (folded === '') yield { message: `"${name}" has neither letters nor digits.`, path };
      const owner = formsOf(folded)
        .map((form) => owners.get(form))
        .find((other) => other !== undefined && other !== index);
      if (owner !== undefined) {
        yield { message: `The parts "${parts[owner]!.id}" and "${part.id}" would both be named by "${name}".`, path };
      }
      for (const form of formsOf(folded)) if (!owners.has(form)) owners.set(form, index);
    }
    for (const [number, region] of part.polygons.entries()) {
      const path = ['parts', index, 'polygons', number];
      const where = `Part "${part.id}", region ${number + 1}`;
      const message = faultOfRegion(region, image);
      if (message !== null) yield { message: `${where} ${message}`, path };
      const key = JSON.stringify(region);
      const twin = regions.get(key);
      if (twin !== undefined && twin !== index) {
        yield { message: `${where} is the very region of the part "${parts[twin]!.id}".`, path };
      }
      regions.set(key, index);
    }
  }
  for (const [index, pairing] of confusable.entries()) {
    const [a, b] = termsOf(pairing);
    const one = owners.get(foldLabel(a));
    if (foldLabel(a) === foldLabel(b) || (one !== undefined && one === owners.get(foldLabel(b)))) {
      yield {
        message: `"${a}" and "${b}" name the same thing, so they cannot be confused.`,
        path: ['confusable', index],
      };
    }
  }
}

function faultOfRegion(region: Polygon, image: { readonly width: number; readonly height: number }): string | null {
  if (region.length < 3) return null;
  const outside = region.findIndex(([x, y]) => x < 0 || y < 0 || x > image.width || y > image.height);
  if (outside >= 0) {
    const [x, y] = region[outside]!;
    return `has corner ${outside + 1} at (${x}, ${y}), outside the ${image.width} × ${image.height} picture.`;
  }
  if (areaOf(region) < 1) return 'encloses less than one pixel.';
  const crossing = selfCrossing(region);
  return crossing && `crosses itself: the sides from corner ${crossing[0] + 1} and from corner ${crossing[1] + 1}.`;
}
