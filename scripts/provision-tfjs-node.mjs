// npm run provision:tfjs-node: puts the native library of TensorFlow.js into .attune/tfjs-node, without the download of
// its own install script, which many networks block: the library comes out of the TensorFlow package for Python, and
// the binding is compiled here. Needs Python with pip, a C++ compiler, 1 GB of disk, and the registries of npm and PyPI.
//
//   npm run provision:tfjs-node -- --wheel FILE     a TensorFlow wheel that is there already
//   npm run provision:tfjs-node -- --verify         only try what is there
import { spawnSync } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { prepareOrExit } from './prepare.mjs';
import { colour, explain, runStep, StepFailed } from './progress.mjs';

const TFJS_NODE = '4.22.0';
const NODE_API_HEADERS = '1.9.0';
const TENSORFLOW = '2.19.1';
/** The binding uses the eighth version of Node-API; newer Nodes load it all the same. */
const NODE_API = 8;

const root = await prepareOrExit();
const folder = join(root, '.attune/tfjs-node');
const { values: flags } = parseArgs({
  options: { wheel: { type: 'string' }, verify: { type: 'boolean', default: false } },
});
try {
  if (!flags.verify) await provision();
  await verify();
} catch (error) {
  const sentence = error instanceof StepFailed ? error.message : (explain(String(error.code)) ?? error.message);
  console.error(`  ${colour(31, sentence)}\n`);
  process.exitCode = 1;
}

/** Makes the folder beside its place and moves it there when it is whole. */
async function provision() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(
      `This works on Linux with x64 or arm64. Here, npm install @tensorflow/tfjs-node@${TFJS_NODE} in ${folder} may work.`,
    );
  }
  const compiler = process.env.CXX ?? 'g++';
  if (!runs(compiler))
    throw new Error(`There is no C++ compiler ${compiler}. Install g++, or name another one with CXX.`);
  if (!flags.wheel && !runs('python3', '-m', 'pip')) {
    throw new Error('There is no Python with pip. Install python3-pip, or name a TensorFlow wheel with --wheel.');
  }
  const made = `${folder}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const dependencies = { '@tensorflow/tfjs-node': TFJS_NODE, 'node-api-headers': NODE_API_HEADERS };
  writeFileSync(join(made, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // Without scripts: the one of tfjs-node is what this file is there instead of.
  const install = ['install', '--prefix', made, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep('Packages', '', [...npm, ...install]);
  const wheel = flags.wheel ? resolve(flags.wheel) : await downloadWheel(made);
  const binding = join(made, 'node_modules/@tensorflow/tfjs-node');
  console.log('  .. Library        out of the wheel');
  await unpack(wheel, join(binding, 'deps'));
  await compile(compiler, made, binding);
  rmSync(join(made, 'wheel'), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
}

function runs(program, ...args) {
  return spawnSync(program, [...args, '--version'], { stdio: 'ignore' }).status === 0;
}

/** The wheel of any Python will do, because no Python runs it. */
async function downloadWheel(made) {
  const into = join(made, 'wheel');
  const [name, machine] = process.arch === 'x64' ? ['tensorflow-cpu', 'x86_64'] : ['tensorflow', 'aarch64'];
  const any = ['--python-version', '3.11', '--platform', `manylinux_2_17_${machine}`, '--only-binary', ':all:'];
  const pip = ['python3', '-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', ...any, '-d', into];
  await runStep('TensorFlow', `${name} ${TENSORFLOW} from PyPI: some 250 MB`, [...pip, `${name}==${TENSORFLOW}`]);
  const wheel = readdirSync(into).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip has left no wheel.');
  return join(into, wheel);
}

/** Takes the two libraries and the headers of the C interface out of a wheel. */
async function unpack(wheel, deps) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(wheel, { lazyEntries: true });
  const header =
    /^tensorflow\/include\/((?:tensorflow\/c|tensorflow\/core\/platform|tensorflow\/tsl|tsl|xla\/tsl)\/.*\.h)$/;
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
  let libraries = 0;
  for await (const entry of zip.eachEntry()) {
    const lib = library.exec(entry.fileName)?.[1];
    const include = header.exec(entry.fileName)?.[1];
    if (lib === undefined && include === undefined) continue;
    const target = lib === undefined ? join(deps, 'include', include) : join(deps, 'lib', lib);
    if (!target.startsWith(deps)) throw new Error('The wheel has files outside of itself.');
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode: 0o755 }));
    if (lib !== undefined) libraries++;
  }
  if (libraries !== 2) throw new Error('This is not a wheel of TensorFlow 2 for Linux.');
  // What the linker looks for; the C interface is part of the C++ library there.
  symlinkSync('libtensorflow_cc.so.2', join(deps, 'lib/libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(deps, 'lib/libtensorflow_framework.so'));
}

/**
 * Compiles the binding as its binding.gyp says. node-gyp would need the headers of this very Node, from nodejs.org where they are
 * not beside it; Node-API is the same for all, and its headers are a package.
 */
async function compile(compiler, made, binding) {
  const target = join(binding, `lib/napi-v${NODE_API}`);
  mkdirSync(target, { recursive: true });
  const includes = [join(made, 'node_modules/node-api-headers/include'), join(binding, 'deps/include'), binding];
  const options = ['-shared', '-fPIC', '-O2', '-std=c++17', '-w', `-DNAPI_VERSION=${NODE_API}`];
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(binding, 'binding', file));
  const libraries = [`-L${join(binding, 'deps/lib')}`, '-ltensorflow', '-ltensorflow_framework'];
  const output = ['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', join(target, 'tfjs_binding.node')];
  const command = [compiler, ...options, ...includes.map((path) => `-I${path}`), ...sources];
  await runStep('Binding', 'with the C++ compiler', [...command, ...libraries, ...output]);
}

/** Runs a small net in all its formats, and compares what it gives with plain loops. */
async function verify() {
  if (!existsSync(folder)) throw new Error('There is nothing yet: run npm run provision:tfjs-node.');
  const { deviation, SmallNet, smallNetModel, TensorFlowRuntime } = await import('../dist/libs/inference/src/index.js');
  const runtime = new TensorFlowRuntime({ nativeFolder: folder });
  try {
    const status = await runtime.status();
    console.log(`  TensorFlow.js ${status.version}: ${status.note}`);
    if (!status.formats.includes('saved-model')) throw new Error('The native library does not load.');
    const net = new SmallNet('provisioned');
    const input = net.drawInput('any');
    for (const format of status.formats) {
      const answer = await runtime.infer(smallNetModel(net, format), input);
      if (answer.kind === 'not-inferred') throw new Error(`${format}: ${answer.detail}`);
      const off = deviation(answer, net.expected(input));
      console.log(`  ${colour(32, 'ok')} ${format.padEnd(14)}deviates by ${off.toExponential(1)} from plain loops`);
      if (!(off < 1e-4)) throw new Error(`${format} calculates otherwise.`);
    }
    console.log(`\n  It is in ${folder}.\n`);
  } finally {
    await runtime.close();
  }
}
