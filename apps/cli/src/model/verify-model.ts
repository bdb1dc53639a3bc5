import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProcessPackageVerifier, serverModelName } from '#libs/inference';
import { packageRefusals, type PackageRefusal, type VerifiedPackage } from '#libs/models';
import { verifierEntry } from '#libs/platform';
import { EXIT_CODE } from '../shell/exit-code.js';
import { Terminal } from '../shell/terminal.js';

/** Verifies a package and prints what was found; resolves to the exit code. */
export async function verifyModel(file: string, { json }: { readonly json: boolean }): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  const path = resolve(file);
  if (!(await isFile(path))) {
    new Terminal(process.stderr, process.env).line(`There is no file ${path}.`);
    return EXIT_CODE.settings;
  }
  const outcome = await new ProcessPackageVerifier(verifierEntry).verify(path);
  if (json) terminal.line(JSON.stringify(outcome));
  else for (const line of describeOutcome(outcome)) terminal.line(line);
  if (!json && outcome.kind === 'verified') {
    terminal.line(`  on servers of the Open Inference Protocol: ${serverModelName(await sha256Of(path))}`);
  }
  return outcome.kind === 'verified' ? EXIT_CODE.stopped : EXIT_CODE.unexpected;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

/** What was found, for people. */
export function describeOutcome(outcome: VerifiedPackage | PackageRefusal): string[] {
  if (outcome.kind === 'refused') {
    const { reason, detail } = outcome;
    return [`  Refused (${reason}${detail === null ? '' : `: ${detail}`}).`, `  ${packageRefusals[reason]}`];
  }
  const { manifest, verification } = outcome;
  const { golden, latency, runtime, memory } = verification;
  const { metrics } = manifest;
  const shown = (value: number | undefined): string => (value === undefined ? 'not told' : value.toFixed(3));
  return [
    `  ${manifest.name}: ${manifest.task}, ${manifest.labels.length} labels, ${manifest.training.backbone}`,
    `  trained on ${manifest.hardware.count} × ${manifest.hardware.kind} from ${manifest.dataset.examples} examples` +
      (manifest.dataset.isSynthetic ? ', which a program made' : ''),
    `  ${metrics.split}: accuracy ${shown(metrics.overall.accuracy)}, calibration error ${shown(metrics.overall.ece)}, ` +
      `on ${metrics.examples} examples (its own figures)`,
    `  ${manifest.golden.cases.length} golden cases: ${golden.tensor.toExponential(1)} apart from the same input` +
      (golden.picture === null ? '' : `, ${golden.picture.toExponential(1)} from the picture`),
    `  ${latency.median.toFixed(1)} ms an example (p95 ${latency.p95.toFixed(1)}) on one thread of ${runtime}, ` +
      `${Math.round(memory / 1024 ** 2)} MiB`,
  ];
}
