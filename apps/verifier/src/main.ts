import { SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime, TensorFlowRuntime } from '#libs/inference';
import { nativeTensorFlow } from '#libs/platform';
import { verifyPackage } from './verify-package.js';

// A process for one package: its path is the argument, and what was found is the one message that it sends.
const [, , path] = process.argv;
if (path === undefined || process.send === undefined) {
  throw new Error('The verifier is started by another process, with the path of a package.');
}
const alone = { threads: 1, batch: 1 };
const runtimes = [new OnnxRuntime(alone), new TensorFlowRuntime({ ...alone, nativeFolder: nativeTensorFlow })];
const outcome = await verifyPackage(path, { runtimes, pictures: new SharpPictureReader() });
process.send(outcome, () => process.exit());
