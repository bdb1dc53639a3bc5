import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of package.json, wherever this file runs from: the sources, or dist. */
export const projectFolder = findProject(import.meta.dirname);

/** The process that opens model packages, as it is built. */
export const verifierEntry = join(projectFolder, 'dist/apps/verifier/src/main.js');

/** Where `npm run provision:tfjs-node` puts TensorFlow's native library. */
export const nativeTensorFlow = join(projectFolder, '.attune/tfjs-node');

/** The package of the detector of hand-drawn diagrams, as it came with this program: models/README.md. */
export const drawingDetector = join(projectFolder, 'models/hand-drawn-diagrams.zip');

/** The version of Attune, as package.json has it. */
export const projectVersion = (
  JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }
).version;

function findProject(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findProject(dirname(folder));
}
