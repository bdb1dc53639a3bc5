import { SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime, TensorFlowRuntime } from '#libs/inference';
import type { PicturesToJudge } from '#libs/models';
import { nativeTensorFlow } from '#libs/platform';
import { judgePictures } from './judge-pictures.js';
import { verifyPackage } from './verify-package.js';

// A process for one package: its path is the argument, and what was found is the one message that it sends. With `judge` as
// the second argument, it is told in a message which pictures the package is asked about.
const [, , path, task] = process.argv;
if (path === undefined || process.send === undefined) {
  throw new Error('The verifier is started by another process, with the path of a package.');
}
const alone = { threads: 1, batch: 1 };
const runtimes = [new OnnxRuntime(alone), new TensorFlowRuntime({ ...alone, nativeFolder: nativeTensorFlow })];
const parts = { runtimes, pictures: new SharpPictureReader() };
const told = (): Promise<PicturesToJudge> => new Promise((resolve) => process.once('message', resolve));
const outcome = task === 'judge' ? await judgePictures(path, await told(), parts) : await verifyPackage(path, parts);
process.send(outcome, () => process.exit());
