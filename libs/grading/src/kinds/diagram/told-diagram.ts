import { figureTypes, type FigureType } from '../../ink/symbol-classes.js';
import type { Marks } from '../../model/marks.js';
import { writtenOf, type WrittenFault } from '../../model/written-marks.js';
import type { DrawnDiagram, Writing } from './read-diagram.js';

/** What is wrong with a diagram that is told figure by figure and arrow by arrow. */
export function* faultsOfGraph(marks: Marks): Generator<WrittenFault> {
  const figures = new Set(writtenOf(marks, 'figure').map(({ id }) => id));
  for (const [at, { shape }] of marks.entries()) {
    if (shape.kind === 'figure' && !(figureTypes as readonly string[]).includes(shape.type)) {
      yield { at, member: 'type', message: `is none of ${figureTypes.join(', ')}` };
    }
    if (shape.kind !== 'arrow') continue;
    for (const end of ['from', 'to'] as const) {
      if (!figures.has(shape[end])) yield { at, member: end, message: `there is no figure "${shape[end]}"` };
    }
    if (shape.from === shape.to) yield { at, member: 'to', message: 'an arrow joins two figures' };
  }
}

/** The diagram that was told; nothing of it is in doubt, and nothing of it is anywhere. */
export function toldDiagram(marks: Marks): DrawnDiagram {
  const figures = writtenOf(marks, 'figure').toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const numbers = new Map(figures.map(({ id }, number) => [id, number]));
  return {
    nodes: figures.map(({ id, label, shape }) => ({ ...told(id, label), type: shape.type as FigureType })),
    edges: writtenOf(marks, 'arrow').map(({ id, label, shape }) => ({
      ...told(id, label),
      source: numbers.get(shape.from)!,
      target: numbers.get(shape.to)!,
      directed: 1,
    })),
    loose: [],
  };
}

function told(id: string, label: string) {
  const writing: Writing = label === '' ? { kind: 'none' } : { kind: 'typed', text: label };
  return { writing, markIds: [id], region: [], probability: 1 };
}
