import { packageLimits, packagePathSchema, type Manifest } from '../model/manifest.js';
import { refusePackage, type PackageRefusal } from '../model/package-refusal.js';

/** A file in the zip, as its directory tells it. */
export interface ListedFile {
  readonly path: string;
  /** Bytes when unpacked. */
  readonly bytes: number;
}

/** Texts at the top of a package, which every one has. */
export const packageTexts = ['manifest.json', 'MODEL_CARD.md', 'metrics.jsonl'] as const;

/** Looks at the directory of a zip before anything in it is read: paths, number and sizes. */
export function checkListing(files: readonly ListedFile[]): PackageRefusal | null {
  if (files.length > packageLimits.files) return refusePackage('too-large', `${files.length} files`);
  const seen = new Set<string>();
  let total = 0;
  for (const { path, bytes } of files) {
    // Where capitals make no difference, two such files would be one.
    const key = path.toLowerCase();
    if (!packagePathSchema.safeParse(path).success || seen.has(key)) return refusePackage('unsafe-path', path);
    seen.add(key);
    total += bytes;
    const isText = packageTexts.some((name) => name === path);
    if (total > packageLimits.unpackedBytes || (isText && bytes > packageLimits.textBytes)) {
      return refusePackage('too-large', path);
    }
  }
  return seen.has('manifest.json') ? null : refusePackage('manifest-missing');
}

/** Compares the zip with what the manifest says is in it, by names and sizes. */
export function checkInventory(files: readonly ListedFile[], manifest: Manifest): PackageRefusal | null {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  if (listed.size < manifest.files.length) return refusePackage('manifest-invalid', 'files: one stands there twice');
  const found = new Map(files.map((file) => [file.path, file]));
  found.delete('manifest.json');
  for (const { path, bytes } of found.values()) {
    const said = listed.get(path);
    if (said === undefined) return refusePackage('file-unlisted', path);
    if (said.bytes !== bytes) return refusePackage('hash-mismatch', `${path}: ${bytes} bytes, not ${said.bytes}`);
    if (!isExpected(path, manifest)) return refusePackage('file-not-allowed', path);
  }
  const { entry, format, golden } = manifest;
  const named = [
    ...listed.keys(),
    ...packageTexts.slice(1),
    format === 'saved-model' ? `${entry}/saved_model.pb` : entry,
    ...golden.cases.flatMap(({ image, input, outputs }) =>
      image === null ? [input, outputs] : [image, input, outputs],
    ),
  ];
  const missing = named.find((path) => !found.has(path));
  return missing === undefined ? null : refusePackage('file-missing', missing);
}

/** Whether a package has a place for a file. */
function isExpected(path: string, { entry, format }: Manifest): boolean {
  if (packageTexts.some((name) => name === path) || path === 'LICENSE') return true;
  if (path.startsWith('golden/')) return /\.(jpe?g|png|u8|f32|json)$/.test(path);
  switch (format) {
    case 'onnx':
      return path === entry && path.endsWith('.onnx');
    case 'tfjs-layers':
    case 'tfjs-graph':
      return (path === entry && path.endsWith('.json')) || /^[A-Za-z0-9_.-]+\.bin$/.test(path);
    case 'saved-model':
      return (
        path.startsWith(`${entry}/`) &&
        /^(saved_model\.pb|fingerprint\.pb|variables\/variables\.(index|data-\d{5}-of-\d{5}))$/.test(
          path.slice(entry.length + 1),
        )
      );
  }
}

/**
 * Whether bytes begin like a pickle: protocol 2 to 5 (`0x80`, then its number), or a zip such as torch.save writes. No
 * file of a package begins so; ONNX begins with the tag of its version (`0x08`).
 */
export function isPickle(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if (first === 0x80 && second !== undefined && second >= 2 && second <= 5) return true;
  return first === 0x50 && second === 0x4b && third === 3 && fourth === 4;
}
