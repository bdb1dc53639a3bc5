import type { Rng } from '#libs/kernel';
import { drawFlowchart, planFlowchart, type Hand, type PlannedFlowchart } from '../../ink/draw-flowchart.js';
import type { Stroke } from '../../ink/ink.js';
import type { ErrorCode } from '../../model/grading-result.js';
import { diagramSchema, type Diagram } from './diagram.js';
import { neatHand } from './draw-diagram.js';

/** What may be wrong with a generated work. */
export const slips = ['none', 'arrow-missing', 'figure-missing', 'reversed', 'wrong-type', 'unlabelled'] as const;
export type Slip = (typeof slips)[number];

/** A drawing with a specification of what was asked for, and what is wrong with it, by criterion. */
export interface GeneratedWork {
  readonly slip: Slip;
  readonly specification: Diagram;
  readonly strokes: readonly Stroke[];
  readonly losses: Readonly<Record<string, ErrorCode>>;
}

const common = { points: 1, skill: 'flowcharts', hints: { orient: 'Look again.', point: 'Here.', show: 'This.' } };

/**
 * A flowchart, asked for and drawn with one slip at most; words are scribbled. Null where the flowchart has no place for that slip:
 * draw another.
 */
export function generateWork(slip: Slip, rng: Rng, hand: Hand = neatHand(rng)): GeneratedWork | null {
  const plan = planFlowchart(rng);
  const slipped = slippedFrom(plan, slip, rng);
  if (slipped === null) return null;
  const { strokes } = drawFlowchart(slipped.plan, hand, rng);
  return { slip, specification: specificationOf(plan), strokes, losses: slipped.losses };
}

function specificationOf({ figures, arrows }: PlannedFlowchart): Diagram {
  return diagramSchema.parse({
    kind: 'diagram',
    version: 1,
    canvas: { width: 2_000, height: 2_000 },
    photo: true,
    nodes: figures.map(({ id, type, isWritten }) => ({
      id,
      type,
      ...(isWritten && { label: `Figure ${id}` }),
      ...common,
    })),
    edges: arrows.map(({ id, source, target, isLabelled }) => {
      return { id, source, target, ...(isLabelled && { label: `Branch ${id}` }), ...common };
    }),
  });
}

/** A flowchart with a slip, and what is lost by it; null where it has no place for one. */
export function slippedFrom(
  plan: PlannedFlowchart,
  slip: Slip,
  rng: Rng,
): { readonly plan: PlannedFlowchart; readonly losses: Record<string, ErrorCode> } | null {
  const { figures, arrows } = plan;
  const pick = <T>(all: readonly T[]): T | null => all[Math.floor(rng() * all.length)] ?? null;
  const lose = (ids: readonly string[], error: ErrorCode): Record<string, ErrorCode> =>
    Object.fromEntries(ids.map((id) => [id, error]));
  switch (slip) {
    case 'none':
      return { plan, losses: {} };
    case 'arrow-missing': {
      const gone = pick(arrows)!;
      return { plan: { figures, arrows: arrows.filter((each) => each !== gone) }, losses: lose([gone.id], 'missing') };
    }
    case 'figure-missing': {
      const touching = (id: string) => arrows.filter(({ source, target }) => source === id || target === id);
      // the last of its branch: whatever stands before it could as well be taken for what is missing
      const gone = pick(figures.filter(({ id }) => touching(id).length === 1));
      if (gone === null) return null;
      const left = arrows.filter(({ source, target }) => source !== gone.id && target !== gone.id);
      const ids = [gone.id, ...touching(gone.id).map(({ id }) => id)];
      return {
        plan: { figures: figures.filter((each) => each !== gone), arrows: left },
        losses: lose(ids, 'missing'),
      };
    }
    case 'reversed': {
      const turned = pick(arrows)!;
      const changed = arrows.map((each) => (each === turned ? { ...each, way: each.way.toReversed() } : each));
      return { plan: { figures, arrows: changed }, losses: lose([turned.id], 'reversed') };
    }
    case 'wrong-type': {
      const other = pick(figures.filter(({ type }) => type === 'process' || type === 'data'));
      if (other === null) return null;
      const changed = figures.map((each) =>
        each === other ? ({ ...each, type: each.type === 'process' ? 'data' : 'process' } as const) : each,
      );
      return { plan: { figures: changed, arrows }, losses: lose([other.id], 'wrong-type') };
    }
    case 'unlabelled': {
      const bare = pick(arrows.filter(({ isLabelled }) => isLabelled));
      if (bare === null) return null;
      const changed = arrows.map((each) => (each === bare ? { ...each, isLabelled: false } : each));
      return { plan: { figures, arrows: changed }, losses: lose([bare.id], 'unlabelled') };
    }
  }
}
