import { PbfWriter } from 'pbf';

/** Writes a message by what is done to its writer. */
export const message = (write: (pbf: PbfWriter) => void): Uint8Array => {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
};

/** A node of a graph, with the attributes that matter. */
export interface SavedNode {
  readonly name: string;
  readonly op: string;
  readonly inputs?: readonly string[];
  /** Of a constant. */
  readonly text?: string;
  readonly shape?: readonly number[];
  /** Where a constant has its text. */
  readonly textField?: number;
  readonly separator?: string;
  /** Name of a function. */
  readonly calls?: string;
}

const attribute = (key: string, value: (pbf: PbfWriter) => void): Uint8Array =>
  message((entry) => {
    entry.writeStringField(1, key);
    entry.writeBytesField(2, message(value));
  });
export const writeNode = ({
  name,
  op,
  inputs = [],
  text,
  shape,
  textField = 8,
  separator,
  calls,
}: SavedNode): Uint8Array =>
  message((pbf) => {
    pbf.writeStringField(1, name);
    pbf.writeStringField(2, op);
    for (const input of inputs) pbf.writeStringField(3, input);
    const tensor = message((inner) => {
      inner.writeVarintField(1, 7);
      const side = (length: number): Uint8Array => message((dim) => dim.writeVarintField(1, length));
      inner.writeBytesField(
        2,
        message((sides) => shape?.forEach((length) => sides.writeBytesField(2, side(length)))),
      );
      if (text !== undefined) inner.writeStringField(textField, text);
    });
    if (op === 'Const')
      pbf.writeBytesField(
        5,
        attribute('value', (value) => value.writeBytesField(8, tensor)),
      );
    if (separator !== undefined)
      pbf.writeBytesField(
        5,
        attribute('separator', (value) => value.writeStringField(2, separator)),
      );
    if (calls !== undefined) {
      const called = message((inner) => inner.writeStringField(1, calls));
      pbf.writeBytesField(
        5,
        attribute('f', (value) => value.writeBytesField(10, called)),
      );
    }
  });

/** A function of a graph. */
export interface SavedFunction {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly nodes: readonly SavedNode[];
  /** Attribute with the number of inputs that its first argument takes. */
  readonly count?: string;
}

/** A SavedModel with one graph. */
export interface SavedGraph {
  readonly nodes: readonly SavedNode[];
  readonly functions: readonly SavedFunction[];
  /** More of the meta graph. */
  readonly more?: (meta: PbfWriter) => void;
}

/**
 * Writes a saved_model.pb (fields as in saved_model.proto, meta_graph.proto, graph.proto and function.proto of TensorFlow 2).
 */
export function writeSavedModel({ nodes, functions, more }: SavedGraph): Uint8Array {
  const writeFunction = ({ name, arguments: names, nodes: inside, count }: SavedFunction): Uint8Array =>
    message((pbf) => {
      const argument = (called: string, at: number): Uint8Array =>
        message((inner) => {
          inner.writeStringField(1, called);
          if (count !== undefined && at === 0) inner.writeStringField(5, count);
        });
      const signature = message((inner) => {
        inner.writeStringField(1, name);
        names.forEach((called, at) => inner.writeBytesField(2, argument(called, at)));
      });
      pbf.writeBytesField(1, signature);
      for (const node of inside) pbf.writeBytesField(3, writeNode(node));
    });
  const library = message((pbf) => functions.forEach((each) => pbf.writeBytesField(1, writeFunction(each))));
  const graph = message((pbf) => {
    for (const node of nodes) pbf.writeBytesField(1, writeNode(node));
    pbf.writeBytesField(2, library);
  });
  const saver = message((pbf) => pbf.writeStringField(1, 'saver_filename:0'));
  const meta = message((pbf) => {
    pbf.writeBytesField(2, graph);
    pbf.writeBytesField(3, saver);
    more?.(pbf);
  });
  return message((pbf) => {
    pbf.writeVarintField(1, 1);
    pbf.writeBytesField(2, meta);
  });
}

/** What TensorFlow 2.19 writes for a module with one variable, by the names that it gives. */
export const saving: SavedFunction = {
  name: 'traced_save',
  arguments: ['file_prefix', 'read_w', 'savev2_const'],
  nodes: [
    { name: 'StaticRegexFullMatch', op: 'StaticRegexFullMatch', inputs: ['file_prefix'] },
    { name: 'Const', op: 'Const', text: '.part' },
    { name: 'Const_1', op: 'Const', text: '_temp/part' },
    { name: 'Select', op: 'Select', inputs: ['StaticRegexFullMatch:output:0', 'Const:output:0', 'Const_1:output:0'] },
    { name: 'StringJoin', op: 'StringJoin', inputs: ['file_prefix', 'Select:output:0'] },
    { name: 'Read', op: 'DisableCopyOnRead', inputs: ['read_w'] },
    { name: 'num_shards', op: 'Const', shape: [] },
    { name: 'shard', op: 'Const', shape: [] },
    {
      name: 'ShardedFilename',
      op: 'ShardedFilename',
      inputs: ['StringJoin:output:0', 'shard:output:0', 'num_shards:output:0'],
    },
    { name: 'SaveV2', op: 'SaveV2', inputs: ['ShardedFilename:filename:0', 'names:output:0', 'slices:output:0'] },
    { name: 'prefixes', op: 'Pack', inputs: ['ShardedFilename:filename:0', '^SaveV2'] },
    { name: 'MergeV2Checkpoints', op: 'MergeV2Checkpoints', inputs: ['prefixes:output:0', 'file_prefix'] },
  ],
};
export const restoring: SavedFunction = {
  name: 'traced_restore',
  arguments: ['file_prefix', 'assign_w'],
  nodes: [
    { name: 'names', op: 'Const', text: 'w/.ATTRIBUTES/VARIABLE_VALUE', shape: [1] },
    { name: 'RestoreV2', op: 'RestoreV2', inputs: ['file_prefix', 'names:output:0', 'slices:output:0'] },
    { name: 'AssignVariableOp', op: 'AssignVariableOp', inputs: ['assign_w', 'RestoreV2:tensors:0'] },
  ],
};
/** Variables, and the two calls of the saver. */
export const graph: readonly SavedNode[] = [
  { name: 'saver_filename', op: 'Placeholder' },
  { name: 'w', op: 'VarHandleOp' },
  { name: 'read_w', op: 'ReadVariableOp', inputs: ['w'] },
  { name: 'Const', op: 'Const', text: '/etc/passwd' },
  { name: 'save', op: 'StatefulPartitionedCall', inputs: ['saver_filename', 'w', 'Const'], calls: 'traced_save' },
  { name: 'restore', op: 'StatefulPartitionedCall', inputs: ['saver_filename', 'w'], calls: 'traced_restore' },
];
export const honest: SavedGraph = { nodes: graph, functions: [saving, restoring] };
