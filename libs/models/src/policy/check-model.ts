import { packageLimits, type Manifest } from '../model/manifest.js';
import { refusePackage, type PackageRefusal } from '../model/package-refusal.js';
import { kerasLayers, onnxOperators, saverOperators, tensorflowOperators } from './allowed-operators.js';
import { inspectOnnx } from './inspect-onnx.js';
import {
  inspectGraphModel,
  inspectLayersModel,
  type SavedModelFacts,
  type TensorFlowFacts,
} from './inspect-tensorflow.js';
import { inspectSavedModel } from './inspect-saved-model.js';
import type { OnnxTensor } from './onnx-value.js';

/** Looks into the file of a model, without loading it: operators, weights outside, inputs and outputs. */
export function checkModel(bytes: Uint8Array, manifest: Manifest): PackageRefusal | null {
  switch (manifest.format) {
    case 'onnx':
      return checkOnnx(bytes, manifest);
    case 'tfjs-graph':
      return checkTensorFlow(inspectGraphModel(parse(bytes)), tensorflowOperators, manifest);
    case 'tfjs-layers':
      return checkTensorFlow(inspectLayersModel(parse(bytes)), kerasLayers, manifest);
    case 'saved-model':
      return checkSavedModel(inspectSavedModel(bytes), manifest);
  }
}

function checkOnnx(bytes: Uint8Array, manifest: Manifest): PackageRefusal | null {
  const facts = inspectOnnx(bytes);
  if (facts === null) return refusePackage('model-unreadable', manifest.entry);
  if (facts.hasExternalData) return refusePackage('external-data');
  const unknown = unknownOf(facts.operators, onnxOperators);
  if (unknown !== null) return unknown;
  if (facts.incomplete !== null) {
    return refusePackage('model-unreadable', `${facts.incomplete} does not hold as many numbers`);
  }
  if (facts.weights * 4 > packageLimits.unpackedBytes) return refusePackage('too-large', `${facts.weights} weights`);
  const { tensorElements } = packageLimits;
  const made = facts.longestMade;
  if (made !== null && made.elements > tensorElements) {
    return refusePackage('too-large', `${made.by} has ${made.elements} numbers, of at most ${tensorElements}`);
  }
  const opset = facts.opsets.get('');
  if (opset !== manifest.opset) return refusePackage('shape-mismatch', `opset ${opset}, not ${manifest.opset}`);
  const [input, ...more] = facts.inputs;
  if (input === undefined || more.length > 0) {
    return refusePackage('shape-mismatch', `${facts.inputs.length} inputs; a model has one`);
  }
  if (!fits(input, manifest.input)) return refusePackage('shape-mismatch', tell(input, manifest.input));
  for (const said of manifest.outputs) {
    const output = facts.outputs.find(({ name }) => name === said.name);
    if (output === undefined) return refusePackage('shape-mismatch', `there is no output ${said.name}`);
    if (!fits(output, said)) return refusePackage('shape-mismatch', tell(output, said));
  }
  return null;
}

type Said = Pick<Manifest['input'], 'name' | 'dtype' | 'shape'>;

/** A side that the file leaves open may be what the manifest says; golden cases show whether it is. */
function fits(found: OnnxTensor, said: Said): boolean {
  return (
    found.name === said.name &&
    found.dtype === said.dtype &&
    found.shape.length === said.shape.length &&
    found.shape[0] === null &&
    found.shape.every((side, i) => side === null || side === said.shape[i])
  );
}

function tell(found: OnnxTensor, said: Said): string {
  const shape = (sides: readonly (number | null)[]): string => `[${sides.map((side) => side ?? 'any').join(', ')}]`;
  return `${found.name} is ${found.dtype ?? 'of another type'} ${shape(found.shape)}, not ${said.name} ${said.dtype} ${shape(said.shape)}`;
}

function checkTensorFlow(
  facts: TensorFlowFacts | null,
  allowed: ReadonlySet<string>,
  manifest: Manifest,
): PackageRefusal | null {
  if (facts === null) return refusePackage('model-unreadable', manifest.entry);
  const listed = new Set(manifest.files.map(({ path }) => path));
  const outside = facts.weightFiles.find((path) => !listed.has(path));
  if (outside !== undefined) return refusePackage('external-data', outside);
  return unknownOf(facts.operators, allowed);
}

function checkSavedModel(facts: SavedModelFacts | null, manifest: Manifest): PackageRefusal | null {
  const refused = checkTensorFlow(facts, new Set([...tensorflowOperators, ...saverOperators]), manifest);
  if (refused !== null || facts === null) return refused;
  if (facts.misplaced !== null) {
    return refusePackage('unknown-operator', `${facts.misplaced}: only the saver opens files, and only its own`);
  }
  return facts.weights * 4 > packageLimits.unpackedBytes
    ? refusePackage('too-large', `${facts.weights} numbers in constants`)
    : null;
}

function unknownOf(operators: ReadonlySet<string>, allowed: ReadonlySet<string>): PackageRefusal | null {
  const unknown = [...operators].filter((name) => !allowed.has(name));
  return unknown.length === 0 ? null : refusePackage('unknown-operator', unknown.slice(0, 10).join(', '));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
