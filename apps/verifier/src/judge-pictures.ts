import { isFailure } from '#libs/kernel';
import {
  isPackageRefusal,
  packageLimits,
  rankLabels,
  refusePackage,
  runnableModel,
  type JudgedPictures,
  type PackageRefusal,
  type PicturesToJudge,
} from '#libs/models';
import { ZipArchive } from '#libs/storage';
import { runtimeFor, slowest, verifyPackage, type VerifierParts } from './verify-package.js';

/** Verifies a package of a classifier, and has it say what each picture of an archive shows. */
export async function judgePictures(
  path: string,
  wanted: PicturesToJudge,
  parts: VerifierParts,
): Promise<JudgedPictures | PackageRefusal> {
  const verified = await verifyPackage(path, parts);
  if (isPackageRefusal(verified)) return verified;
  const { manifest } = verified;
  const { preprocessing } = manifest.input;
  const labels = [...wanted.labels].sort();
  const isFit = preprocessing !== null && [...manifest.labels].sort().join('\n') === labels.join('\n');
  if (!isFit) return refusePackage('labels-mismatch', `pictures are told apart here as ${labels.join(', ')}`);
  const [packed, pictures] = [await open(path, packageLimits.files), await open(wanted.archive, Infinity)];
  try {
    const model = runnableModel(manifest.id, manifest, async (paths) => {
      const files = await Promise.all(paths.map(async (name) => [name, await packed.read(name)] as const));
      return new Map(files);
    });
    const { runtime } = (await runtimeFor(manifest, parts.runtimes))!;
    const judged: string[] = [];
    for (const name of wanted.paths) {
      const input = await parts.pictures.read(await pictures.read(name), preprocessing);
      if (isFailure(input)) return refusePackage('model-failed', input.message);
      const inference = await runtime.infer(model, input, { timeout: slowest });
      if ('reason' in inference) return refusePackage('model-failed', inference.detail);
      judged.push(rankLabels(manifest.labels, inference.get('probs')!.data)[0]!.label);
    }
    return { kind: 'judged', labels: judged };
  } finally {
    packed.close();
    pictures.close();
  }
}

/** @throws where it cannot be opened: a package was, a moment before, and archives are our own */
async function open(path: string, most: number): Promise<ZipArchive> {
  const archive = await ZipArchive.open(path, most);
  if (typeof archive === 'string') throw new Error(`An archive cannot be opened: ${archive}.`);
  return archive;
}
