import { PbfWriter } from 'pbf';
import { graphTypes, smallNetAsGraph, type GraphAttribute, type GraphNode, type GraphType } from './small-net.graph.js';
import { smallNetNames, type SmallNet } from './small-net.js';

/**
 * A small net as a SavedModel of TensorFlow, without variables: its weights are constants of the graph. Fields and their
 * numbers are those of the .proto files in https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core.
 */
export function smallNetAsSavedModel(net: SmallNet): ReadonlyMap<string, Uint8Array> {
  const writer = new PbfWriter();
  writer.writeVarintField(1, 1);
  writer.writeMessage(2, writeMetaGraph, net);
  return new Map([['saved_model/saved_model.pb', writer.finish()]]);
}

function writeMetaGraph(net: SmallNet, pbf: PbfWriter): void {
  pbf.writeMessage(1, (tag: string, info: PbfWriter) => info.writeStringField(4, tag), 'serve');
  pbf.writeMessage(
    2,
    (nodes: GraphNode[], graph: PbfWriter) => {
      for (const node of nodes) graph.writeMessage(1, writeNode, node);
      graph.writeMessage(4, (producer: number, versions: PbfWriter) => versions.writeVarintField(1, producer), 1_087);
    },
    smallNetAsGraph(net),
  );
  writeEntry(pbf, 5, 'serving_default', (signature) => {
    const info = (tag: number, name: string, type: GraphType, sides: readonly number[]): void =>
      writeEntry(signature, tag, name, (tensor) => {
        tensor.writeStringField(1, `${name}:0`);
        tensor.writeVarintField(2, graphTypes[type]);
        tensor.writeMessage(3, writeShape, [-1, ...sides]);
      });
    const [logits, probs, embedding] = smallNetNames.outputs;
    info(1, smallNetNames.input, 'DT_UINT8', net.inputShape);
    info(2, logits, 'DT_FLOAT', [net.shape.classes]);
    info(2, probs, 'DT_FLOAT', [net.shape.classes]);
    info(2, embedding, 'DT_FLOAT', [net.convolutions.at(-1)!.filters]);
    signature.writeStringField(3, 'tensorflow/serving/predict');
  });
}

/** An entry of a map, whose value is a message. */
function writeEntry(pbf: PbfWriter, tag: number, key: string, write: (value: PbfWriter) => void): void {
  pbf.writeMessage(
    tag,
    (_: null, entry: PbfWriter) => {
      entry.writeStringField(1, key);
      entry.writeMessage(2, (_value: null, value: PbfWriter) => write(value), null);
    },
    null,
  );
}

function writeNode({ name, op, inputs, attributes }: GraphNode, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeStringField(2, op);
  for (const input of inputs) pbf.writeStringField(3, input);
  for (const [key, attribute] of Object.entries(attributes)) {
    writeEntry(pbf, 5, key, (value) => writeAttribute(attribute, value));
  }
}

function writeAttribute(attribute: GraphAttribute, pbf: PbfWriter): void {
  if ('type' in attribute) pbf.writeVarintField(6, graphTypes[attribute.type]);
  else if ('flag' in attribute) pbf.writeBooleanField(5, attribute.flag);
  else if ('text' in attribute) pbf.writeBytesField(2, Buffer.from(attribute.text));
  else if ('numbers' in attribute) {
    pbf.writeMessage(
      1,
      (numbers: readonly number[], list: PbfWriter) => list.writePackedVarint(3, [...numbers]),
      attribute.numbers,
    );
  } else if ('shape' in attribute) pbf.writeMessage(7, writeShape, attribute.shape);
  else {
    const { type, shape, data } = attribute.constant;
    const writeTensor = (_: null, tensor: PbfWriter): void => {
      tensor.writeVarintField(1, graphTypes[type]);
      tensor.writeMessage(2, writeShape, shape);
      tensor.writeBytesField(4, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    };
    pbf.writeMessage(8, writeTensor, null);
  }
}

function writeShape(sides: readonly number[], pbf: PbfWriter): void {
  const writeSide = (side: number, dim: PbfWriter): void => dim.writeVarintField(1, side);
  for (const side of sides) pbf.writeMessage(2, writeSide, side);
}
