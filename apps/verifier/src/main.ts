import { SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime, TensorFlowRuntime, type VerifierRequest } from '#libs/inference';
import { nativeTensorFlow } from '#libs/platform';
import { answerParent } from '#libs/sandbox';
import { judgePictures } from './judge-pictures.js';
import { verifyPackage } from './verify-package.js';

// A process for one package, which is opened, and where pictures are named, asked about them.
const alone = { threads: 1, batch: 1 };
const runtimes = [new OnnxRuntime(alone), new TensorFlowRuntime({ ...alone, nativeFolder: nativeTensorFlow })];
const parts = { runtimes, pictures: new SharpPictureReader() };
answerParent((request) => {
  const { path, pictures } = request as VerifierRequest;
  return pictures === null ? verifyPackage(path, parts) : judgePictures(path, pictures, parts);
});
