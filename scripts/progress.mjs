import { spawn } from 'node:child_process';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Without a terminal, a line now and then shows that a long step is still going, in milliseconds. */
const HEARTBEAT = 20_000;

const isLive = process.stdout.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
/** Whether the output is a terminal that may be coloured. */
export const hasColour = process.stdout.isTTY === true && process.env.TERM !== 'dumb' && !process.env.NO_COLOR;

/** Colours a text when there are colours: 1 bold, 2 dim, 31 red, 32 green, 33 yellow, 36 cyan. */
export function colour(code, text) {
  return hasColour ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** 1.2 s, or 1 min 5 s. */
export function duration(milliseconds) {
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Thrown when a step's command fails; its output has been shown. */
export class StepFailed extends Error {}

/**
 * Runs a command as a step with its elapsed time: a spinner in a terminal, plain lines elsewhere. What the command
 * prints is shown, in full, only when it fails.
 * @param {string} label what is being done
 * @param {string} remark what to expect, for example how long it takes
 * @param {string[]} command program and arguments
 * @param {NodeJS.ProcessEnv} env added to the environment
 */
export async function runStep(label, remark, command, env = {}) {
  const started = performance.now();
  const elapsed = () => duration(performance.now() - started);
  const line = (mark, text) =>
    `  ${mark} ${label.padEnd(14)}${colour(2, `${elapsed().padStart(8)}  ${text}`)}`.trimEnd();
  let frame = 0;
  const draw = () => process.stdout.write(`\r\u001b[2K${line(colour(36, FRAMES[frame++ % FRAMES.length]), remark)}`);
  const beat = () => process.stdout.write(`${line('..', remark)}\n`);
  if (isLive) draw();
  else process.stdout.write(`  .. ${label.padEnd(14)}${' '.repeat(8)}  ${remark}`.trimEnd() + '\n');
  const timer = setInterval(isLive ? draw : beat, isLive ? 80 : HEARTBEAT);

  const { code, signal, output } = await run(command, env);
  clearInterval(timer);
  if (isLive) process.stdout.write('\r\u001b[2K');
  if (code === 0) {
    process.stdout.write(`${line(colour(32, isLive ? '✔' : 'ok'), '')}\n`);
    return;
  }
  process.stdout.write(`${line(colour(31, isLive ? '✖' : '--'), '')}\n\n${output.trimEnd()}\n\n`);
  const failed = `${label} failed (${signal ?? `exit code ${code}`}); what it said is above.`;
  throw new StepFailed([explain(output), failed].filter((sentence) => sentence !== null).join(' '));
}

/** What a person can do about a failure of the system, by its code; null for one that has to be read. */
const REMEDIES = [
  [/\b(ENOSPC|EDQUOT)\b/, 'The disk is full. Free some space and start again.'],
  [/\b(EACCES|EPERM|EROFS)\b/, 'Attune may not write to its own folder. Give it to this user, or copy it elsewhere.'],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH)\b/,
    'The package registry cannot be reached. Is there a network, and does npm need a proxy?',
  ],
];

/** A plain sentence for what a command or the system said, or null. */
export function explain(text) {
  return REMEDIES.find(([code]) => code.test(text))?.[1] ?? null;
}

/** Runs a command to its end, and takes it along when we are stopped ourselves. */
export function run([program, ...args], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (signal) => {
      child.kill(signal);
      process.stdout.write('\n');
      process.exit(130);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const end = (code, signal) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve({ code, signal, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127, null);
    });
    child.on('close', end);
  });
}
