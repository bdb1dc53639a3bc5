import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { certificationNumbers, certify, givesBound, isDrawnForAudit, type CriterionAudit } from './certification.js';

const { mostErrors, streamShare, boundShare } = certificationNumbers;

/** An id that is as good as any for drawing lots. */
const idOf = (number: number): string => `work ${number}`;

function anAudit(work: number, more: Partial<CriterionAudit> = {}): CriterionAudit {
  return { submissionId: idOf(work), confidence: 0.98, agrees: true, decidedAt: new Date(work * 1_000), ...more };
}

/** Works of the one part, or the other, in order. */
function worksOf(part: 'bound' | 'threshold', count: number): number[] {
  const found: number[] = [];
  for (let work = 0; found.length < count; work++) if (givesBound(idOf(work)) === (part === 'bound')) found.push(work);
  return found;
}

/** A few audits that put the threshold at a confidence. */
const thresholdAt = (confidence: number): CriterionAudit[] =>
  worksOf('threshold', 5).map((work) => anAudit(work, { confidence }));

const bounding = (count: number, wrong = 0): CriterionAudit[] =>
  // The errors come first, so that they are not recent.
  worksOf('bound', count).map((work, index) => anAudit(work, { agrees: index >= wrong }));

const someAudits = fc.array(
  fc.record({
    submissionId: fc.nat(120).map(idOf),
    confidence: fc.constantFrom(0.5, 0.85, 0.95, 0.98),
    agrees: fc.boolean(),
    decidedAt: fc.nat(500).map((seconds) => new Date(seconds * 1_000)),
  }),
  { maxLength: 300 },
);

describe('what audits certify', () => {
  it('is nothing where there are none', () => {
    expect(certify([])).toEqual({
      state: 'provisional',
      audits: 0,
      errors: 0,
      threshold: null,
      bounded: { audits: 0, works: 0, errors: 0 },
      bound: 1,
      coverage: null,
      hasDrifted: false,
      auditsNeeded: 224,
      calibration: [],
    });
  });

  it('is a release from 149 audits without an error on', () => {
    const known = thresholdAt(0.98);
    expect(certify([...known, ...bounding(148)])).toMatchObject({ state: 'provisional', auditsNeeded: 2 });
    const certified = certify([...known, ...bounding(149)]);
    expect(certified).toMatchObject({ state: 'auto-release', threshold: 0.98, coverage: 1, auditsNeeded: 0 });
    expect(certified.bound).toBeCloseTo(0.0199, 4);
    expect(certify([...known, ...bounding(235, 1)])).toMatchObject({ state: 'audited', auditsNeeded: 2 });
    expect(certify([...known, ...bounding(236, 1)])).toMatchObject({ state: 'auto-release' });
  });

  it('is nothing where all of it is the work of few', () => {
    const works = worksOf('bound', 10);
    const audits = [...thresholdAt(0.98), ...Array.from({ length: 300 }, (_, at) => anAudit(works[at % 10]!))];
    expect(certify(audits)).toMatchObject({ state: 'audited', bounded: { audits: 300, works: 10 }, auditsNeeded: 30 });
  });

  it('begins above the confidences at which the program errs', () => {
    const choosing = worksOf('threshold', 400).flatMap((work, index) => [
      anAudit(work, { confidence: 0.98 }),
      anAudit(work, { confidence: 0.6, agrees: index % 4 > 0 }),
    ]);
    const others = worksOf('bound', 160).flatMap((work, index) => [
      anAudit(work, { confidence: 0.98 }),
      anAudit(work, { confidence: 0.6, agrees: index % 4 > 0 }),
    ]);
    expect(certify([...choosing, ...others])).toMatchObject({
      state: 'auto-release',
      threshold: 0.98,
      coverage: 0.5,
      bounded: { audits: 160, errors: 0 },
      calibration: [
        { from: 0.6, probability: 0.75 },
        { from: 0.98, probability: 801 / 802 },
      ],
    });
  });

  it('is withdrawn where the last audits go wrong, however many were right before, and comes back', () => {
    const audits = [...thresholdAt(0.98), ...bounding(1_500)];
    const after = (count: number, agrees: boolean, start: number): CriterionAudit[] =>
      worksOf('bound', count).map((work, index) => anAudit(work, { agrees, decidedAt: new Date(start + index) }));
    const wrong = after(4, false, 1e10);
    expect(certify([...audits, ...wrong.slice(1)])).toMatchObject({ state: 'auto-release', hasDrifted: false });
    const withdrawn = certify([...audits, ...wrong]);
    expect(withdrawn).toMatchObject({ state: 'audited', hasDrifted: true, auditsNeeded: 47 });
    expect(withdrawn.bound).toBeLessThan(mostErrors);
    expect(certify([...audits, ...wrong, ...after(46, true, 2e10)])).toMatchObject({ state: 'audited' });
    expect(certify([...audits, ...wrong, ...after(47, true, 2e10)])).toMatchObject({ state: 'auto-release' });
  });

  it('does not hang on the order of the audits', () => {
    fc.assert(
      fc.property(someAudits, fc.integer(), (audits, seed) => {
        const rng = seededRng(String(seed));
        const shuffled = audits.map((audit) => ({ audit, at: rng() })).sort((a, b) => a.at - b.at);
        expect(certify(shuffled.map(({ audit }) => audit))).toEqual(certify(audits));
      }),
    );
  });

  it('is never gained by an error, nor lost by a right one, where the bound is taken', () => {
    const start = fc.record({
      wrong: fc.nat(4),
      more: fc.integer({ min: 140, max: 400 }),
      at: fc.nat(139),
      confidence: fc.constantFrom(0.5, 0.98),
    });
    fc.assert(
      fc.property(start, ({ wrong, more, at, confidence }) => {
        const audits = [...thresholdAt(0.98), ...bounding(more, wrong)];
        const before = certify(audits);
        const turned = audits.map((audit, index) => (index === 5 + at ? { ...audit, agrees: false } : audit));
        const worse = certify(turned);
        expect(worse.bound).toBeGreaterThanOrEqual(before.bound);
        if (before.state !== 'auto-release') expect(worse.state).not.toBe('auto-release');
        const better = certify([...audits, anAudit(worksOf('bound', more + 1).at(-1)!, { confidence })]);
        expect(better.bound).toBeLessThanOrEqual(before.bound);
        if (before.state === 'auto-release') expect(better.state).toBe('auto-release');
      }),
    );
  });

  it('rests on audits that had no say in the threshold: those of one work are in one part, for good', () => {
    fc.assert(
      fc.property(someAudits, (audits) => {
        const { threshold, bounded, calibration } = certify(audits);
        const choosing = audits.filter(({ submissionId }) => !givesBound(submissionId));
        const others = audits.filter(({ submissionId }) => givesBound(submissionId));
        // Whatever the others say, threshold and calibration stay; whatever these say, the bound is of the others.
        const opposite = others.map((audit) => ({ ...audit, agrees: !audit.agrees }));
        expect(certify([...choosing, ...opposite])).toMatchObject({ threshold, calibration });
        const above = others.filter(({ confidence }) => threshold !== null && confidence >= threshold);
        expect(bounded).toEqual({
          audits: above.length,
          works: new Set(above.map(({ submissionId }) => submissionId)).size,
          errors: above.filter(({ agrees }) => !agrees).length,
        });
      }),
    );
  });

  it('draws lots evenly', () => {
    const ids = Array.from(
      { length: 20_000 },
      (_, index) => `0198f2c4-0000-7000-8000-${String(index).padStart(12, '0')}`,
    );
    expect(ids.filter(isDrawnForAudit).length / ids.length).toBeCloseTo(streamShare, 2);
    expect(ids.filter(givesBound).length / ids.length).toBeCloseTo(boundShare, 1);
    // One says nothing of the other.
    const both = ids.filter((id) => isDrawnForAudit(id) && givesBound(id)).length;
    expect(both / ids.length).toBeCloseTo(streamShare * boundShare, 2);
  });
});

const levels = Array.from({ length: 20 }, (_, index) => (index + 1) / 20);

/** The share of errors at a confidence, where it is `error` over all of them: none at the highest, most at the lowest. */
const errorAt = (confidence: number, error: number): number => (3 * error * (1 - confidence) ** 2) / 0.92625;

describe('a program that errs more often than allowed', () => {
  const runs = 400;

  it.each([200, 600])('is certified by %i audits in no more than 5 of 100 runs', (count) => {
    const rng = seededRng(`simulated ${count}`);
    for (const error of [0.021, 0.03]) {
      let certified = 0;
      for (let run = 0; run < runs; run++) {
        // All confidences the same: nothing to choose, and the threshold takes all.
        const audits = Array.from({ length: count }, (_, at) =>
          anAudit(at, { submissionId: `${error} ${run} ${at}`, agrees: rng() >= error }),
        );
        if (certify(audits).state === 'auto-release') certified += 1;
      }
      expect(certified / runs, `error ${error}`).toBeLessThanOrEqual(0.05);
    }
  });

  it('is certified from a threshold on beyond which it errs too often in no more than 5 of 100 runs', () => {
    const rng = seededRng('thresholds');
    let [certified, wrongly] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const error = 0.03 + 0.12 * rng();
      const audits = Array.from({ length: 900 }, (_, at) => {
        const confidence = levels[Math.floor(rng() * levels.length)]!;
        return anAudit(at, { submissionId: `${run} ${at}`, confidence, agrees: rng() >= errorAt(confidence, error) });
      });
      const { state, threshold } = certify(audits);
      if (state !== 'auto-release') continue;
      certified += 1;
      const above = levels.filter((level) => level >= threshold!).map((level) => errorAt(level, error));
      if (above.reduce((sum, each) => sum + each, 0) / above.length > mostErrors) wrongly += 1;
    }
    expect(certified).toBeGreaterThan(runs / 8);
    expect(wrongly / runs).toBeLessThanOrEqual(0.05);
  });

  it('is told from one that does not: four of five are certified at .4 %', () => {
    const rng = seededRng('good');
    let certified = 0;
    for (let run = 0; run < 300; run++) {
      const audits = Array.from({ length: 600 }, (_, at) =>
        anAudit(at, { submissionId: `${run} ${at}`, agrees: rng() >= 0.004 }),
      );
      if (certify(audits).state === 'auto-release') certified += 1;
    }
    expect(certified / 300).toBeGreaterThan(0.8);
  });
});
