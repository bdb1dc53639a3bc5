import { PbfReader } from 'pbf';
import { z } from 'zod';

/** What a TensorFlow model says of itself, read without loading it. */
export interface TensorFlowFacts {
  /** Operators of a graph, or layers of a Keras topology. */
  readonly operators: ReadonlySet<string>;
  /** Files with weights that it names, beside itself. */
  readonly weightFiles: readonly string[];
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

/**
 * Reads the operators of a saved_model.pb: `SavedModel.meta_graphs[].graph_def` with its functions (fields as in
 * saved_model.proto, meta_graph.proto, graph.proto and function.proto of TensorFlow 2). @returns null where it is none
 */
export function inspectSavedModel(bytes: Uint8Array): TensorFlowFacts | null {
  const operators = new Set<string>();
  const readNode = (pbf: PbfReader): void => {
    pbf.readMessage((tag, into: Set<string>, inner) => {
      if (tag === 2) into.add(inner.readString());
    }, operators);
  };
  /** Goes into the messages of a path of fields, and does something with those at its end. */
  const descend = (pbf: PbfReader, [field, ...rest]: readonly number[], end: (pbf: PbfReader) => void): void => {
    pbf.readMessage((tag, _: null, inner) => {
      if (tag === field) (rest.length === 0 ? end : (next: PbfReader) => descend(next, rest, end))(inner);
    }, null);
  };
  const reader = new PbfReader(bytes);
  try {
    reader.readFields((tag, _: null, pbf) => {
      if (tag !== 2) return;
      descend(pbf, [2], (graph) => {
        graph.readMessage((field, nodes: (pbf: PbfReader) => void, inner) => {
          if (field === 1) nodes(inner);
          else if (field === 2) descend(inner, [1, 3], nodes);
        }, readNode);
      });
    }, null);
  } catch {
    return null;
  }
  // A file that is cut off says of its last part that it goes on behind its end.
  return reader.pos !== bytes.length || operators.size === 0 ? null : { operators, weightFiles: [] };
}
