import { createHash } from 'node:crypto';
import { isFailure } from '#libs/kernel';
import {
  checkGolden,
  checkInventory,
  checkListing,
  checkModel,
  isPackageRefusal,
  isPickle,
  numbersOf,
  packageLimits,
  readGoldenCase,
  readManifest,
  refusePackage,
  runnableModel,
  type GoldenOutcome,
  type Inference,
  type InferenceRuntime,
  type Manifest,
  type PackageRefusal,
  type PictureReader,
  type Tensor,
  type VerifiedPackage,
} from '#libs/models';
import { ZipArchive, type ZipTrouble } from '#libs/storage';

/** What a package is verified with. */
export interface VerifierParts {
  /** By preference: the first that runs the format of the model is used. */
  readonly runtimes: readonly InferenceRuntime[];
  readonly pictures: PictureReader;
}

/** How often a model is run for its latency, after it has run its golden cases. */
const timedRuns = 20;
/** Milliseconds that one example may take. */
export const slowest = 20_000;

type File = (path: string) => Promise<Uint8Array>;

/**
 * Opens a package and finds out whether it is what it says it is: paths and sizes from the directory, the manifest, size
 * and SHA-256 of every file, what the model is made of, and then, in this order because only now is it run, whether its
 * golden cases give here what they gave where it was made. Stops at the first thing that is wrong.
 */
export async function verifyPackage(path: string, parts: VerifierParts): Promise<VerifiedPackage | PackageRefusal> {
  const archive = await ZipArchive.open(path, packageLimits.files);
  if (typeof archive === 'string') return refusePackage(zipRefusals[archive]);
  try {
    const listing = checkListing(archive.files);
    if (listing !== null) return listing;
    const manifest = readManifest((await archive.read('manifest.json')).toString('utf8'));
    if (isPackageRefusal(manifest)) return manifest;
    const inventory = checkInventory(archive.files, manifest) ?? (await checkDigests(archive, manifest));
    if (inventory !== null) return inventory;
    const main = manifest.format === 'saved-model' ? `${manifest.entry}/saved_model.pb` : manifest.entry;
    const refused = checkModel(await archive.read(main), manifest);
    return refused ?? (await run(manifest, (name) => archive.read(name), parts));
  } catch (error) {
    // Of what is read here only the zip can fail: a file in it is damaged.
    return refusePackage('not-a-zip', (error as Error).message);
  } finally {
    archive.close();
  }
}

const zipRefusals = {
  'not-a-zip': 'not-a-zip',
  'too-many': 'too-large',
  'unsafe-path': 'unsafe-path',
  'unknown-names': 'not-a-zip',
} as const satisfies Record<ZipTrouble, string>;

async function checkDigests(archive: ZipArchive, { files }: Manifest): Promise<PackageRefusal | null> {
  for (const { path, sha256 } of files) {
    const bytes = await archive.read(path);
    if (isPickle(bytes)) return refusePackage('pickle', path);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return refusePackage('hash-mismatch', path);
  }
  return null;
}

async function run(
  manifest: Manifest,
  file: File,
  { runtimes, pictures }: VerifierParts,
): Promise<VerifiedPackage | PackageRefusal> {
  const readAll = async (paths: readonly string[]): Promise<Map<string, Uint8Array>> =>
    new Map(await Promise.all(paths.map(async (path) => [path, await file(path)] as const)));
  const model = runnableModel(manifest.id, manifest, readAll);
  const found = await runtimeFor(manifest, runtimes);
  if (found === null) return refusePackage('model-failed', `there is no runtime for ${manifest.format} here`);
  const { runtime, name } = found;
  const infer = async (input: Tensor): Promise<Inference | PackageRefusal> => {
    const inference = await runtime.infer(model, input, { timeout: slowest });
    if (!('reason' in inference)) return inference;
    const { reason, detail } = inference;
    return refusePackage(reason === 'too-slow' ? 'too-slow' : 'model-failed', detail);
  };
  const outcomes: GoldenOutcome[] = [];
  const inputs: Tensor[] = [];
  for (const each of manifest.golden.cases) {
    const known = readGoldenCase(manifest, await file(each.input), await file(each.outputs));
    if (known === null) return refusePackage('golden-incomplete', each.input);
    const { input, expected } = known;
    inputs.push(input);
    const given = await infer(input);
    if (isPackageRefusal(given)) return given;
    const fromPicture = await inferPicture(
      manifest,
      each.image === null ? null : await file(each.image),
      pictures,
      infer,
    );
    if (isPackageRefusal(fromPicture)) return fromPicture;
    outcomes.push({ expected, given: numbersOf(given), fromPicture, label: each.label });
  }
  const golden = checkGolden(outcomes, manifest);
  if ('kind' in golden) return golden;
  const times = await timeRuns(inputs, infer);
  const { rss } = process.memoryUsage();
  const verification = { golden, runtime: name, latency: times, memory: rss };
  return { kind: 'verified', manifest, verification };
}

/** The first runtime that is there for the format of a model, and its name with its version. */
export async function runtimeFor(
  { format }: Manifest,
  runtimes: readonly InferenceRuntime[],
): Promise<{ runtime: InferenceRuntime; name: string } | null> {
  for (const runtime of runtimes) {
    const { name, version, isThere, formats } = await runtime.status();
    if (isThere && formats.includes(format)) return { runtime, name: `${name} ${version ?? ''}`.trim() };
  }
  return null;
}

async function inferPicture(
  manifest: Manifest,
  image: Uint8Array | null,
  pictures: PictureReader,
  infer: (input: Tensor) => Promise<Inference | PackageRefusal>,
): Promise<ArrayLike<number> | null | PackageRefusal> {
  const { preprocessing } = manifest.input;
  if (image === null || preprocessing === null) return null;
  const input = await pictures.read(image, preprocessing);
  if (isFailure(input)) return refusePackage('golden-incomplete', input.message);
  const given = await infer(input);
  return isPackageRefusal(given) ? given : (given.get('probs')?.data ?? null);
}

/** Milliseconds from one example to its answer, one at a time. */
async function timeRuns(
  inputs: readonly Tensor[],
  infer: (input: Tensor) => Promise<unknown>,
): Promise<{ median: number; p95: number }> {
  const times: number[] = [];
  for (let i = 0; i < timedRuns; i++) {
    const started = performance.now();
    await infer(inputs[i % inputs.length]!);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { median: times[timedRuns / 2]!, p95: times[Math.floor(timedRuns * 0.95)]! };
}
