import { issuesOf } from '#libs/kernel';
import { manifestSchema, manifestVersion, packageLimits, type Manifest } from '../model/manifest.js';
import { refusePackage, type PackageRefusal } from '../model/package-refusal.js';
import { sizeOf } from '../model/tensor.js';

/** Reads manifest.json: its version first, then its shape, then what its parts say of one another. */
export function readManifest(text: string): Manifest | PackageRefusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refusePackage('manifest-invalid', 'it is not JSON');
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > manifestVersion) {
    return refusePackage('manifest-too-new', `version ${version}; this server reads up to ${manifestVersion}`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = issuesOf(parsed.error);
    const reason = issue!.path.startsWith('dataset.consentBasis') ? 'consent-basis-missing' : 'manifest-invalid';
    return refusePackage(reason, `${issue!.path || 'manifest'}: ${issue!.message}`);
  }
  return contradictionIn(parsed.data) ?? parsed.data;
}

/** The first two parts of a manifest that contradict each other. */
function contradictionIn(manifest: Manifest): PackageRefusal | null {
  const { labels, input, outputs, format, opset, metrics, golden } = manifest;
  if (new Set(labels).size < labels.length) return refusePackage('labels-mismatch', 'a label stands there twice');
  if ((format === 'onnx') !== (opset !== null)) {
    return refusePackage('manifest-invalid', 'opset: a number for ONNX, and null for every other format');
  }
  const batched = [input, ...outputs].find(({ shape: [batch] }) => batch !== null);
  if (batched) return refusePackage('shape-mismatch', `${batched.name}: the batch comes first, and is null`);
  const [, ...sides] = input.shape;
  if (sides.includes(null))
    return refusePackage('shape-mismatch', `${input.name}: only the batch may be of any length`);
  const large = [input, ...outputs].find(
    ({ shape }) => sizeOf(shape.map((side) => side ?? 1)) > packageLimits.elements,
  );
  if (large) return refusePackage('too-large', `${large.name}: its shape`);
  const { preprocessing } = input;
  if (preprocessing !== null) {
    const { width, height } = preprocessing;
    if (input.dtype !== 'uint8' || input.layout !== 'NHWC' || sides.join() !== `${height},${width},3`) {
      return refusePackage('shape-mismatch', `${input.name}: a picture is uint8 [null, ${height}, ${width}, 3], NHWC`);
    }
  }
  if (new Set(outputs.map(({ name }) => name)).size < outputs.length) {
    return refusePackage('shape-mismatch', 'an output stands there twice');
  }
  if (manifest.task === 'image-classification') {
    const tellsTopic = manifest.offTopicAbove !== undefined;
    for (const name of ['logits', 'probs', ...(tellsTopic ? ['distances'] : [])]) {
      const output = outputs.find((each) => each.name === name);
      if (output?.shape.length !== 2 || output.shape[1] !== labels.length) {
        return refusePackage(
          'labels-mismatch',
          `${name}: of the shape [null, ${labels.length}], a number for each label`,
        );
      }
    }
  }
  const known = new Set(labels);
  const mistaken = (metrics.mistakes ?? []).flatMap(({ label, given }) => [{ label }, { label: given }]);
  const named = [...metrics.perClass, ...golden.cases, ...mistaken].find(
    ({ label }) => label !== null && !known.has(label),
  );
  if (named) return refusePackage('labels-mismatch', `"${named.label}" is not one of the labels`);
  if ((metrics.split === 'cross-validation') !== (metrics.folds !== undefined)) {
    return refusePackage('manifest-invalid', 'metrics.folds: a number with cross-validation, and left out otherwise');
  }
  const { confusion } = metrics;
  if (confusion && (confusion.length !== labels.length || confusion.some((row) => row.length !== labels.length))) {
    return refusePackage('labels-mismatch', `confusion: ${labels.length} rows of ${labels.length} numbers`);
  }
  return null;
}
