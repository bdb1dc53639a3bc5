import { writeOnnx, type OnnxGraph, type Preprocessing } from '#libs/models';
import { OnnxBuilder, type Step } from '../onnx-builder.js';
import { describeColours, opponents } from './colours.js';
import { scatter } from './scattering.js';
import { describeSilhouette } from './silhouette.js';

/** What a run is told to train on where no model's embedding is used, and what packages call it. */
export const classicalBackbone = 'classical';

const side = 128;

/** The whole picture, whatever its proportions: parts that are cut off or painted in would be read as part of it. */
export const classicalPreprocessing: Preprocessing = {
  width: side,
  height: side,
  resize: 'squash',
  resample: 'bilinear',
  padding: [0, 0, 0],
  colour: 'rgb',
};

/**
 * Parts of the embedding: how many numbers, and how far they typically spread over the pictures of one task, measured on
 * blood cells, hand-drawn symbols and characters (docs/performance.md). A part of d numbers is divided by d^¼ times that, so
 * that large parts count more in distances between embeddings, though not by their size.
 */
const parts = {
  cells: { size: 512, spread: 0.09 },
  fineCells: { size: 1_536, spread: 0.12 },
  energies: { size: 32, spread: 0.3 },
  textures: { size: 384, spread: 0.2 },
  turned: { size: 52, spread: 0.18 },
  histogram: { size: 53, spread: 0.08 },
  middle: { size: 53, spread: 0.08 },
  colourCells: { size: 48, spread: 0.055 },
  shape: { size: 18, spread: 0.045 },
  silhouetteColours: { size: 10, spread: 0.045 },
  silhouetteCells: { size: 64, spread: 0.12 },
} as const;

/** Numbers in the embedding. */
export const classicalFeatures = Object.values(parts).reduce((sum, { size }) => sum + size, 0);

/**
 * A description of pictures that nothing was trained for: wavelet scattering, colours, and the shape of what stands out. As an
 * ONNX graph it runs wherever models run, and needs no download. `image` uint8 [N, 128, 128, 3] → `embedding` float32.
 */
export function classicalEmbedding(): Uint8Array {
  return writeOnnx(classicalGraph());
}

function classicalGraph(): OnnxGraph {
  const g = new OnnxBuilder();
  const numbers = g.multiply(g.node('Cast', ['image'], { to: 1 }), 1 / 255);
  const colours = g.mix(g.node('Transpose', [numbers], { perm: [0, 3, 1, 2] }), opponents);
  const small = g.pool(colours, 2);
  const waves = scatter(g, g.mix(colours, [[1, 0, 0]]));
  const { histogram, middle, cells: colourCells } = describeColours(g, small);
  const { shape, colours: silhouetteColours, cells: silhouetteCells } = describeSilhouette(g, small);
  const described = { ...waves, histogram, middle, colourCells, shape, silhouetteColours, silhouetteCells };
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const balanced: Step[] = names.map((name) =>
    g.multiply(described[name], parts[name].size ** -0.25 / parts[name].spread),
  );
  g.node('Concat', balanced, { axis: 1 }, 'embedding');
  return {
    ...g.parts(),
    input: { name: 'image', type: 'uint8', shape: [null, side, side, 3] },
    outputs: [{ name: 'embedding', type: 'float32', shape: [null, classicalFeatures] }],
  };
}
