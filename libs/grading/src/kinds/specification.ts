import { z } from 'zod';
import { fail, issuesOf, refuseInput, type Failure } from '#libs/kernel';
import { isWork, type ActivityContent, type WorkForm } from '#libs/learning';
import type { Marks } from '../model/marks.js';
import { isWritten } from '../model/written-marks.js';
import { classify } from './classify/classify.kind.js';
import type { Classify } from './classify/classify.js';
import { diagram } from './diagram/diagram.kind.js';
import type { Diagram } from './diagram/diagram.js';
import { functionPlot } from './function-plot/function-plot.kind.js';
import type { FunctionPlot } from './function-plot/function-plot.js';
import type { WorkKind } from './kind.js';
import { labPhoto } from './lab-photo/lab-photo.kind.js';
import type { LabPhoto } from './lab-photo/lab-photo.js';
import { labelledParts } from './labelled-parts/labelled-parts.kind.js';
import type { LabelledParts } from './labelled-parts/labelled-parts.js';
import { project } from './project/project.kind.js';
import type { Project } from './project/project.js';
import { sketch } from './sketch/sketch.kind.js';
import type { Sketch } from './sketch/sketch.js';

/** What a visual activity asks for, of any kind. */
export type Specification = LabelledParts | Diagram | FunctionPlot | Sketch | Classify | LabPhoto | Project;

/** Every kind of visual work, by the word that its specification says in `kind`. */
const kinds: { readonly [K in Specification['kind']]: WorkKind<Extract<Specification, { kind: K }>> } = {
  'labelled-parts': labelledParts,
  diagram,
  'function-plot': functionPlot,
  sketch,
  classify,
  project,
  'lab-photo': labPhoto,
};

/** The kind that a specification is of. */
export function kindOf<S extends Specification>(specification: S): WorkKind<S> {
  // That each kind stands under its own word, the type of `kinds` says; here the compiler cannot follow it.
  return kinds[specification.kind] as unknown as WorkKind<S>;
}

const named = z.looseObject({ kind: z.enum(Object.keys(kinds) as [Specification['kind']]) });

/** The marks that were handed in, checked against the specification; the failure says what is missing or wrong. */
export function readMarks<S extends Specification>(specification: S, marks: readonly object[]): Marks | Failure {
  const kind = kindOf(specification);
  const schema = isWritten(marks) ? kind.written(specification) : kind.drawn(specification);
  const parsed = schema.safeParse(marks);
  return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'marks'));
}

/** Reads a specification that belongs to a form; the failure says what is wrong with it. */
export function parseSpecification(form: WorkForm, value: unknown): Specification | Failure {
  const word = named.safeParse(value);
  if (!word.success) return refuseInput(issuesOf(word.error));
  const kind = kinds[word.data.kind];
  if (kind.answeredBy !== form) {
    const message = `Work of the kind "${word.data.kind}" is answered by the form "${kind.answeredBy}".`;
    return refuseInput([{ path: 'kind', message }]);
  }
  return parseDraft(value);
}

/** Reads a specification that belongs to no activity yet; the failure says what is wrong with it. */
export function parseDraft(value: unknown): Specification | Failure {
  const word = named.safeParse(value);
  if (!word.success) return refuseInput(issuesOf(word.error));
  const parsed = kinds[word.data.kind].schema.safeParse(value);
  return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error));
}

/** What a visual activity asks for, out of its key; the failure says what is wrong with it. */
export function readSpecification({ key }: Pick<ActivityContent, 'key'>): Specification | Failure {
  if (!isWork(key)) return fail('INVALID_INPUT', 'This activity asks for nothing that is handed in.');
  return parseSpecification(key.kind, key.specification);
}
