import { z } from 'zod';
import { markLimits } from '#libs/kernel';
import { hintsSchema } from '../../model/hints.js';

const number = z.number().min(-1e9).max(1e9);
const interval = z.tuple([number, number]).describe('From and to, in units of the x-axis.');
const place = z.tuple([number, number]);

/** One axis: two places of the canvas, in pixels, and the values that stand there. */
const axisSchema = z.strictObject({
  pixels: z.tuple([number, number]),
  values: z.tuple([number, number]),
});

/** A curve, as places of it from left to right, joined by straight lines. */
const curveSchema = z.array(place).min(2).max(1_000);

const base = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes'),
  label: z.string().trim().min(1).max(200),
  points: z.number().positive().max(100),
  skill: z.string().min(1).max(64),
  hints: hintsSchema,
};

/** How far off a drawn line may be, as a share of the length of the axes. */
const tolerance = z.number().positive().max(0.5).default(0.04);
/** The same at an asymptote, which is never reached on axes that end. */
const toleranceAtInfinity = tolerance.unwrap().default(0.08);

/** One thing that the curve has to do. */
const featureSchema = z.discriminatedUnion('feature', [
  z
    .strictObject({ ...base, feature: z.literal('drawn'), on: interval })
    .describe('It is drawn there, with one value for each x.'),
  z.strictObject({
    ...base,
    feature: z.literal('monotone'),
    on: interval,
    direction: z.enum(['rising', 'falling']),
    tolerance,
  }),
  z
    .strictObject({
      ...base,
      feature: z.literal('curvature'),
      on: interval,
      direction: z.enum(['upwards', 'downwards']),
      tolerance,
    })
    .describe('Open upwards (convex), or downwards (concave).'),
  z.strictObject({ ...base, feature: z.literal('passes-through'), at: place, tolerance }),
  z.strictObject({
    ...base,
    feature: z.literal('extremum'),
    at: place,
    extremum: z.enum(['maximum', 'minimum']),
    tolerance,
  }),
  z
    .strictObject({
      ...base,
      feature: z.literal('horizontal-asymptote'),
      y: number,
      towards: z.enum(['left', 'right']),
      tolerance: toleranceAtInfinity,
    })
    .describe('It comes nearer and nearer to y at that end of the axis.'),
  z
    .strictObject({
      ...base,
      feature: z.literal('vertical-asymptote'),
      x: number,
      from: z.enum(['left', 'right']),
      goes: z.enum(['up', 'down']),
      tolerance,
    })
    .describe('Coming to x from that side, it leaves the axes at the top or at the bottom.'),
  z
    .strictObject({
      ...base,
      feature: z.literal('side'),
      on: interval,
      of: curveSchema,
      side: z.enum(['above', 'below']),
      tolerance,
    })
    .describe('It is on this side of another curve, or on it.'),
  z
    .strictObject({ ...base, feature: z.literal('follows'), curve: curveSchema, tolerance })
    .describe('It is this curve, by the discrete Fréchet distance.'),
]);
export type Feature = z.infer<typeof featureSchema>;

const side = z.number().positive().max(markLimits.imageSide);

const functionPlotFields = z.strictObject({
  kind: z.literal('function-plot'),
  version: z.literal(1),
  canvas: z.strictObject({ width: side, height: side }).describe('Pixels.'),
  axes: z.strictObject({ x: axisSchema, y: axisSchema }),
  features: z.array(featureSchema).min(1).max(30),
});

/** The graph of a function, drawn on axes. */
export const functionPlotSchema = functionPlotFields.superRefine((plot, context) => {
  for (const { message, path } of faultsOf(plot)) context.addIssue({ code: 'custom', message, path });
});
export type FunctionPlot = z.infer<typeof functionPlotSchema>;
export type Axes = FunctionPlot['axes'];

interface Fault {
  readonly message: string;
  readonly path: (string | number)[];
}

function* faultsOf({ canvas, axes, features }: z.infer<typeof functionPlotFields>): Generator<Fault> {
  for (const name of ['x', 'y'] as const) {
    const { pixels, values } = axes[name];
    const extent = name === 'x' ? canvas.width : canvas.height;
    if (pixels[0] === pixels[1]) yield { message: 'the two places are the same', path: ['axes', name, 'pixels'] };
    if (pixels.some((pixel) => pixel < 0 || pixel > extent)) {
      yield { message: `lies outside the ${canvas.width} × ${canvas.height} canvas`, path: ['axes', name, 'pixels'] };
    }
    if (values[0] >= values[1])
      yield { message: 'the first value must be the smaller one', path: ['axes', name, 'values'] };
  }
  const ids = new Set<string>();
  for (const [index, feature] of features.entries()) {
    const path = ['features', index];
    if (ids.has(feature.id)) yield { message: `Two features have the id "${feature.id}".`, path: [...path, 'id'] };
    ids.add(feature.id);
    for (const { message, path: rest } of faultsOfFeature(feature, axes)) yield { message, path: [...path, ...rest] };
  }
}

function* faultsOfFeature(feature: Feature, { x, y }: Axes): Generator<Fault> {
  const isOn = (axis: Axes['x'], value: number): boolean => value >= axis.values[0] && value <= axis.values[1];
  const beyond = (axis: Axes['x'], name: string): string => `lies beyond the ${name}-axis, ${axis.values.join(' to ')}`;
  if ('on' in feature) {
    const [from, to] = feature.on;
    if (from >= to) yield { message: 'the interval must begin before it ends', path: ['on'] };
    else if (!isOn(x, from) || !isOn(x, to)) yield { message: beyond(x, 'x'), path: ['on'] };
  }
  if ('at' in feature) {
    if (!isOn(x, feature.at[0])) yield { message: beyond(x, 'x'), path: ['at', 0] };
    if (!isOn(y, feature.at[1])) yield { message: beyond(y, 'y'), path: ['at', 1] };
  }
  if (feature.feature === 'horizontal-asymptote' && !isOn(y, feature.y)) yield { message: beyond(y, 'y'), path: ['y'] };
  if (feature.feature === 'vertical-asymptote' && !isOn(x, feature.x)) yield { message: beyond(x, 'x'), path: ['x'] };
  for (const name of ['of', 'curve'] as const) {
    const curve =
      name in feature ? (feature as { of?: [number, number][]; curve?: [number, number][] })[name] : undefined;
    if (curve === undefined) continue;
    const back = curve.findIndex((here, index) => index > 0 && here[0] <= curve[index - 1]![0]);
    if (back > 0) yield { message: `does not go from left to right at place ${back}`, path: [name, back] };
    else if (name === 'of' && 'on' in feature && (curve[0]![0] > feature.on[0] || curve.at(-1)![0] < feature.on[1])) {
      yield { message: 'does not reach over the whole interval', path: [name] };
    }
  }
}
