/** Why a package is refused, with what to do about it. */
export const packageRefusals = {
  'not-a-zip': 'The file is not a zip archive that can be read. Upload the package as the training package wrote it.',
  'too-large': 'The package, or a file in it, is larger than packages may be.',
  'unsafe-path':
    'A file in the zip has a path that leads out of it, is written twice, or is a link. Make the package anew.',
  'manifest-missing': 'There is no manifest.json at the top of the zip.',
  'manifest-invalid': 'The manifest does not have the stated shape: see docs/schemas/model-manifest.schema.json.',
  'manifest-too-new': 'The manifest is of a newer version than this server reads. Update the server first.',
  'consent-basis-missing': 'The card of the dataset does not say on what ground the examples may be used for training.',
  'file-missing': 'The manifest names a file that is not in the zip.',
  'file-unlisted': 'The zip holds a file that the manifest does not name.',
  'file-not-allowed': 'A package holds the model, its manifest, card, metrics and golden cases, and nothing else.',
  'hash-mismatch': 'A file is not what the manifest says it is: its size or its SHA-256 differs.',
  pickle: 'A file is a pickle, which runs code when it is read. Export the model as ONNX.',
  'model-unreadable': 'The model cannot be read: it is damaged, or of another format than the manifest says.',
  'external-data': 'The model asks for files beside its own. Export it with all weights inside, and without assets.',
  'unknown-operator': 'The model uses an operator that is not allowed here.',
  'shape-mismatch': 'Inputs or outputs of the model are not what the manifest says.',
  'labels-mismatch': 'The labels do not fit the outputs, the metrics or the golden cases.',
  'labels-swapped': 'The golden cases show other labels than the model gives, far more often than its metrics allow.',
  'not-finite': 'The model gives values that are no numbers (NaN or infinite).',
  'golden-mismatch': 'The golden inputs do not give the golden outputs here, within the stated tolerance.',
  'golden-incomplete': 'A golden case cannot be read, or lacks an output.',
  'model-failed': 'The model cannot be run here.',
  'too-slow': 'The model takes longer than models may here.',
  'ran-out-of-memory': 'Checking the model took more memory than it may.',
  crashed: 'The process that checked the model ended at once. The model is not to be trusted.',
} as const;

export type PackageRefusalReason = keyof typeof packageRefusals;
export const packageRefusalReasons = Object.keys(packageRefusals) as PackageRefusalReason[];

/** A package that is not taken. */
export interface PackageRefusal {
  readonly kind: 'refused';
  readonly reason: PackageRefusalReason;
  /** What exactly: names of files, operators and fields; null where the reason says it all. */
  readonly detail: string | null;
}

export function refusePackage(reason: PackageRefusalReason, detail: string | null = null): PackageRefusal {
  return { kind: 'refused', reason, detail: detail === null ? null : detail.slice(0, 500) };
}

export function isPackageRefusal(value: unknown): value is PackageRefusal {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refused';
}
