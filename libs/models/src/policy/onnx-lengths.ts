/** A step of a graph, with what may say how long its outcome is. */
export interface OnnxStep {
  readonly type: string;
  readonly inputs: readonly string[];
  /** What its first output is called. */
  readonly output: string;
  /** Attributes that are numbers or lists of them. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

/** A graph, or the body of a function: what names mean in it. */
export interface OnnxScope {
  readonly steps: readonly OnnxStep[];
  /** Constants of few numbers, by name. */
  readonly constants: ReadonlyMap<string, readonly number[]>;
  /** How many numbers a weight or an input has at least, by name; a side that the file leaves open counts as one. */
  readonly lengths: ReadonlyMap<string, number>;
}

/** A tensor that a step makes. */
export interface MadeTensor {
  /** Operator and name of the output, in words. */
  readonly by: string;
  /** How many numbers it has at least. */
  readonly elements: number;
}

/**
 * The longest tensor of those whose length constants of the graph say: shapes, repeats, scales, padding. What is computed from
 * the input, and what grows by broadcasting, is not known before the model runs; there the limits of the process hold.
 */
export function longestMade({ steps, constants, lengths }: OnnxScope): MadeTensor | null {
  const known = new Map(constants);
  let longest: MadeTensor | null = null;
  for (const step of steps) {
    const inputs = step.inputs.map((name) => ({ values: known.get(name) ?? null, length: lengths.get(name) ?? 1 }));
    const passed = passedOn(step.type, inputs);
    if (passed !== null) known.set(step.output, passed);
    const elements = leastLength(step, inputs);
    if (elements > (longest?.elements ?? 0)) longest = { by: `${step.type} ${step.output}`, elements };
  }
  return longest;
}

interface Input {
  /** Null where they are not constant, or many. */
  readonly values: readonly number[] | null;
  /** How many numbers it has, at least. */
  readonly length: number;
}

const passing = new Set(['Identity', 'Cast', 'Squeeze', 'Unsqueeze', 'Reshape']);

/** The numbers of a step that hands constants on: exporters put shapes together of single lengths. */
function passedOn(type: string, inputs: readonly Input[]): readonly number[] | null {
  if (passing.has(type)) return inputs[0]?.values ?? null;
  if (type !== 'Concat' || inputs.length > 64 || inputs.some(({ values }) => values === null)) return null;
  return inputs.flatMap(({ values }) => values!).slice(0, 64);
}

function leastLength({ type, numbers }: OnnxStep, inputs: readonly Input[]): number {
  const values = (at: number): readonly number[] | null => inputs[at]?.values ?? null;
  const length = inputs[0]?.length ?? 1;
  switch (type) {
    case 'ConstantOfShape':
      return productOf(values(0));
    case 'Expand':
      return productOf(values(1));
    case 'Tile':
      return length * productOf(values(1));
    case 'Range': {
      const [start, limit, delta] = [0, 1, 2].map((at) => values(at)?.[0]);
      return start === undefined || limit === undefined || !delta ? 0 : Math.ceil((limit - start) / delta);
    }
    case 'Resize':
      // Of version 10 the second input are the scales; later ones have the region, the scales and the sizes.
      return Math.max(productOf(values(3)), length * productOf(values(inputs.length === 2 ? 1 : 2)));
    case 'Upsample':
      return length * productOf(values(1) ?? numbers.get('scales'));
    case 'Pad':
      return padded(values(1) ?? numbers.get('pads'));
    default: {
      const stated = ['output_shape', 'dilations', 'kernel_shape'].map((name) => productOf(numbers.get(name)));
      const beyond = productOf(numbers.get('output_padding')?.map((side) => side + 1));
      return Math.max(...stated, beyond, padded(numbers.get('pads')));
    }
  }
}

/** 0 where nothing is stated. */
function productOf(values: readonly number[] | null | undefined): number {
  return values ? values.reduce((product, value) => product * Math.max(value, 0), 1) : 0;
}

/** What becomes of one number when so many are put around it: those before each axis come first, then those after. */
function padded(pads: readonly number[] | null | undefined): number {
  const axes = Math.floor((pads?.length ?? 0) / 2);
  return Array.from({ length: axes }, (_, axis) => pads![axis]! + pads![axis + axes]!).reduce(
    (product, around) => product * Math.max(1, 1 + around),
    1,
  );
}
