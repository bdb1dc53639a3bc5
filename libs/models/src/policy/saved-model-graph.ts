import type { PbfReader } from 'pbf';

/** A node of a TensorFlow graph, as far as it matters what it opens and how large it is. */
export interface GraphNode {
  name: string;
  op: string;
  /** `node`, `node:output:0` or, of control only, `^node`. */
  readonly inputs: string[];
  /** Functions that it calls. */
  readonly calls: string[];
  /** Texts of a constant, and what a join puts between its parts. */
  readonly texts: string[];
  /** Whether a constant has its contents as bytes, in which texts may be as well. */
  isPacked: boolean;
  /** Numbers or texts in a constant, as its shape says. */
  elements: number;
}

/** The body of a function, with the names of its arguments in their order. */
export interface GraphFunction {
  name: string;
  readonly arguments: string[];
  /** Whether an argument may be several inputs, so that places of arguments and inputs differ. */
  hasLists: boolean;
  readonly nodes: GraphNode[];
}

/** A MetaGraphDef. */
export interface MetaGraph {
  readonly nodes: GraphNode[];
  readonly functions: GraphFunction[];
  /** The tensor that is given the path of the variables when the model is loaded. */
  filename: string;
  /** Files that are given to the graph by their path. */
  readonly assets: string[];
}

type Read<T> = (tag: number, into: T, pbf: PbfReader) => void;

/**
 * Reads a MetaGraphDef (fields as in meta_graph.proto, graph.proto, function.proto, node_def.proto and attr_value.proto of
 * TensorFlow 2). What stands there twice and may only be once is put together, as protocol buffers do.
 */
export function readMetaGraph(pbf: PbfReader): MetaGraph {
  return pbf.readMessage(readMeta, { nodes: [], functions: [], filename: '', assets: [] });
}

const readMeta: Read<MetaGraph> = (tag, meta, pbf) => {
  if (tag === 2) pbf.readMessage(readGraph, meta);
  else if (tag === 3) readIn(pbf, [1], (inner) => (meta.filename = inner.readString()));
  else if (tag === 4) {
    // Older loaders find the files in a collection; what it holds besides is nobody's business here.
    readIn(pbf, [1], (inner) => (inner.readString() === 'saved_model_assets' ? meta.assets.push('a collection') : 0));
  } else if (tag === 6) {
    const asset = { filename: '' };
    readIn(pbf, [2], (inner) => (asset.filename = inner.readString()));
    meta.assets.push(asset.filename);
  }
};

const readGraph: Read<MetaGraph> = (tag, meta, pbf) => {
  if (tag === 1) meta.nodes.push(readNode(pbf));
  else if (tag === 2) readIn(pbf, [1], (inner) => meta.functions.push(readFunction(inner)));
};

function readFunction(pbf: PbfReader): GraphFunction {
  const read: Read<GraphFunction> = (tag, into, inner) => {
    if (tag === 3) into.nodes.push(readNode(inner));
    else if (tag === 1) inner.readMessage(readSignature, into);
  };
  return pbf.readMessage(read, { name: '', arguments: [], hasLists: false, nodes: [] });
}

const readSignature: Read<GraphFunction> = (tag, into, pbf) => {
  if (tag === 1) into.name = pbf.readString();
  else if (tag === 2) {
    const argument = { name: '' };
    pbf.readMessage((field, all: GraphFunction, inner) => {
      if (field === 1) argument.name = inner.readString();
      else if (field === 5 || field === 6) all.hasLists ||= inner.readString() !== '';
    }, into);
    into.arguments.push(argument.name);
  }
};

function readNode(pbf: PbfReader): GraphNode {
  const read: Read<GraphNode> = (tag, node, inner) => {
    if (tag === 1) node.name = inner.readString();
    else if (tag === 2) node.op = inner.readString();
    else if (tag === 3) node.inputs.push(inner.readString());
    else if (tag === 5) readIn(inner, [2], (value) => value.readMessage(readAttribute, node));
  };
  return pbf.readMessage(read, { name: '', op: '', inputs: [], calls: [], texts: [], isPacked: false, elements: 0 });
}

const readAttribute: Read<GraphNode> = (tag, node, pbf) => {
  if (tag === 1) readIn(pbf, [9, 1], (inner) => node.calls.push(inner.readString()));
  else if (tag === 2) node.texts.push(pbf.readString());
  else if (tag === 8) readConstant(pbf, node);
  else if (tag === 10) readIn(pbf, [1], (inner) => node.calls.push(inner.readString()));
};

function readConstant(pbf: PbfReader, node: GraphNode): void {
  const sides: number[] = [];
  pbf.readMessage((tag, into: GraphNode, inner) => {
    if (tag === 2) readIn(inner, [2, 1], (side) => sides.push(side.readVarint(true)));
    else if (tag === 8) into.texts.push(inner.readString());
    else if (tag === 4 && inner.readBytes().length > 0) into.isPacked = true;
  }, node);
  node.elements += sides.reduce((product, side) => product * Math.max(side, 0), 1);
}

/** Goes into the messages of a path of fields, and does something with what is at its end. */
function readIn(pbf: PbfReader, [field, ...rest]: readonly number[], end: (pbf: PbfReader) => unknown): void {
  pbf.readMessage((tag, _: null, inner) => {
    if (tag !== field) return;
    if (rest.length === 0) end(inner);
    else readIn(inner, rest, end);
  }, null);
}
