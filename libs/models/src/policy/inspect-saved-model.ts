import { PbfReader } from 'pbf';
import type { SavedModelFacts } from './inspect-tensorflow.js';
import { readMetaGraph, type MetaGraph } from './saved-model-graph.js';
import { misplacedFileOperator } from './saver-files.js';

/**
 * Reads a saved_model.pb without loading it: the operators of its graphs and functions, the files that they open, and the
 * sizes of its constants. @returns null where it is none
 */
export function inspectSavedModel(bytes: Uint8Array): SavedModelFacts | null {
  const graphs: MetaGraph[] = [];
  const reader = new PbfReader(bytes);
  try {
    reader.readFields((tag, into: MetaGraph[], pbf) => {
      if (tag === 2) into.push(readMetaGraph(pbf));
    }, graphs);
  } catch {
    return null;
  }
  const nodes = graphs.flatMap((graph) => [...graph.nodes, ...graph.functions.flatMap((each) => each.nodes)]);
  // A file that is cut off says of its last part that it goes on behind its end.
  if (reader.pos !== bytes.length || nodes.length === 0) return null;
  const [misplaced = null] = graphs.flatMap((graph) => misplacedFileOperator(graph) ?? []);
  return {
    operators: new Set(nodes.map(({ op }) => op)),
    weightFiles: graphs.flatMap(({ assets }) => assets.map((name) => `assets/${name}`)),
    misplaced,
    weights: nodes.reduce((sum, { elements }) => sum + elements, 0),
  };
}
