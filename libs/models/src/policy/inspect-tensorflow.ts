import { z } from 'zod';

/** What a TensorFlow model says of itself, read without loading it. */
export interface TensorFlowFacts {
  /** Operators of a graph, or layers of a Keras topology. */
  readonly operators: ReadonlySet<string>;
  /** Files that it names, beside itself: weights, and vocabularies and the like of a SavedModel. */
  readonly weightFiles: readonly string[];
}

/** What a SavedModel says besides. */
export interface SavedModelFacts extends TensorFlowFacts {
  /** An operator on files that its saver did not put there, and its node; null where there is none. */
  readonly misplaced: string | null;
  /** Numbers in all constants, as their shapes say. */
  readonly weights: number;
}

const graphNodes = z.array(z.looseObject({ op: z.string() }));
const weights = z.array(z.looseObject({ paths: z.array(z.string()) }));
const graphSchema = z.looseObject({
  modelTopology: z.looseObject({
    node: graphNodes,
    library: z
      .looseObject({ function: z.array(z.looseObject({ nodeDef: graphNodes.default([]) })).default([]) })
      .optional(),
  }),
  weightsManifest: weights,
});
const layersSchema = z.looseObject({ modelTopology: z.unknown(), weightsManifest: weights });

/** Reads the model.json of a TF.js graph model. @returns null where it is none */
export function inspectGraphModel(json: unknown): TensorFlowFacts | null {
  const parsed = graphSchema.safeParse(json);
  if (!parsed.success) return null;
  const { modelTopology, weightsManifest } = parsed.data;
  const inFunctions = (modelTopology.library?.function ?? []).flatMap(({ nodeDef }) => nodeDef);
  const operators = new Set([...modelTopology.node, ...inFunctions].map(({ op }) => op));
  return { operators, weightFiles: weightsManifest.flatMap(({ paths }) => paths) };
}

/** Reads the model.json of a TF.js layers model. @returns null where it is none */
export function inspectLayersModel(json: unknown): TensorFlowFacts | null {
  const parsed = layersSchema.safeParse(json);
  if (!parsed.success) return null;
  const operators = new Set<string>();
  collectLayers(parsed.data.modelTopology, operators, 0);
  operators.delete('Functional');
  operators.delete('Model');
  operators.delete('Sequential');
  if (operators.size === 0) return null;
  return { operators, weightFiles: parsed.data.weightsManifest.flatMap(({ paths }) => paths) };
}

/** Layers stand wherever an object has a `class_name` and a list of layers is around it; wrappers hold one in `layer`. */
function collectLayers(value: unknown, into: Set<string>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 30) return;
  const node = value as Record<string, unknown>;
  for (const key of ['model_config', 'config', 'layer', 'layers', 'forward_layer', 'backward_layer']) {
    const inner = node[key];
    for (const each of Array.isArray(inner) ? inner : [inner]) {
      if (typeof each !== 'object' || each === null) continue;
      const { class_name: name } = each as { class_name?: unknown };
      if (typeof name === 'string') into.add(name);
      collectLayers(each, into, depth + 1);
    }
  }
}
