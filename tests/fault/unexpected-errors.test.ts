import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const built = existsSync(join(root, 'dist/libs/platform/src/index.js'));

/** Runs a part that does something wrong 50 ms after it is ready, and would end by itself 100 ms later. */
async function endOf(wrong: string): Promise<{ code: number | null; output: string }> {
  const program = `
    import { runProcess } from '#libs/platform';
    await runProcess(async () => ({ close: async () => undefined }));
    setTimeout(() => { ${wrong} }, 50);
    setTimeout(() => process.exit(7), 150);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}

describe('a process in which something unexpected happens', () => {
  it('goes on after a failure that nobody waited for, and logs it without what was sent', async ({ skip }) => {
    skip(!built, 'Nothing is built: run npm run build.');
    const { code, output } = await endOf(`Promise.reject(new TypeError('of Ada Lovelace'));`);
    expect(code).toBe(7);
    expect(output).toContain('a failure that nobody waited for');
    expect(output).toContain('TypeError');
    expect(output).not.toContain('Lovelace');
  });

  it('ends after an exception that nobody caught, and logs it without what was sent', async ({ skip }) => {
    skip(!built, 'Nothing is built: run npm run build.');
    const { code, output } = await endOf(`throw new TypeError('of Ada Lovelace');`);
    expect(code).toBe(1);
    expect(output).toContain('ended by an unexpected error');
    expect(output).not.toContain('Lovelace');
  });
});
