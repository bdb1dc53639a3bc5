import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fail, isFailure } from '#libs/kernel';
import { planScanFiles, withRefusal } from './scan-files.js';
import { scanLimits } from './scan-limits.js';

const file = (path: string, bytes = 1): { path: string; bytes: number } => ({ path, bytes });

describe('files of a zip of scans', () => {
  const pathsOf = (...given: Parameters<typeof planScanFiles>): readonly string[] => {
    const plan = planScanFiles(...given);
    if (isFailure(plan)) throw new Error(plan.message);
    return plan.map(({ path }) => path);
  };

  it('are in the order in which people count, without what systems leave', () => {
    const paths = ['scan 10.png', 'scan 2.png', '__MACOSX/._scan 2.png', '.DS_Store', 'a/Thumbs.db', 'Scan 1.png'];
    expect(pathsOf(paths.map((path) => file(path)))).toEqual(['Scan 1.png', 'scan 2.png', 'scan 10.png']);
  });

  it('are in the same order whatever order they are packed in', () => {
    const paths = fc.uniqueArray(fc.stringMatching(/^[a-cA-C0-9 ]{1,6}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(paths, (given) => {
        const files = given.map((path) => file(`${path}.png`));
        expect(pathsOf(files.toReversed())).toEqual(pathsOf(files));
      }),
    );
  });

  it('are refused where there are none, too many, or too much of them', () => {
    expect(planScanFiles([file('.DS_Store')])).toMatchObject({ code: 'INVALID_INPUT' });
    const many = Array.from({ length: scanLimits.pages + 1 }, (_, index) => file(`${index}.png`));
    expect(planScanFiles(many)).toMatchObject({ code: 'TOO_LARGE' });
    expect(planScanFiles(many.slice(1))).toHaveLength(scanLimits.pages);
    expect(planScanFiles([file('1.png', scanLimits.unpackedBytes + 1)])).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('that are refused are told while there is room, and counted always', () => {
    let counts: Parameters<typeof withRefusal>[0] = { refused: 0, refusals: [] };
    for (let number = 1; number <= scanLimits.told + 5; number++) {
      counts = withRefusal(counts, `${number}\u0000.png`, fail('INVALID_INPUT'));
    }
    expect(counts.refused).toBe(scanLimits.told + 5);
    expect(counts.refusals).toHaveLength(scanLimits.told);
    expect(counts.refusals[0]!.path).toBe('1\ufffd.png');
  });
});
