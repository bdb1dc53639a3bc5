import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { drawFlowchart, flowchartShapes, joinArrows, planFlowchart, someHand } from '#libs/grading';
import { ModelDrawingDetector, overlap, photograph, SharpPictureReader, someCamera } from '#libs/imaging';
import { OnnxRuntime, ProcessPackageVerifier } from '#libs/inference';
import { drawingDetector } from '#libs/platform';
import { openShippedPackage } from '#libs/storage';

/** The process as it is built: what is tested here is what runs. */
const entry = join(import.meta.dirname, '../../dist/apps/verifier/src/main.js');

describe('the detector of drawings that comes with the program', { timeout: 120_000 }, () => {
  const runtime = new OnnxRuntime({ threads: 1 });
  const open = () => openShippedPackage(drawingDetector);
  const detector = new ModelDrawingDetector(open, new SharpPictureReader(), runtime);
  afterAll(() => runtime.close());

  it('is a package that the verifier takes, of 16 MB at most', async () => {
    expect((await stat(drawingDetector)).size).toBeLessThan(16_000_000);
    expect(await new ProcessPackageVerifier(entry).verify(drawingDetector)).toMatchObject({
      kind: 'verified',
      manifest: { task: 'object-detection', dataset: { consentBasis: 'open-licence', licence: 'CC-BY-4.0' } },
    });
    const { manifest } = await open();
    expect(manifest.dataset.description).toContain('Schäfer');
  });

  it('says on its card what it does on writers whom it has not seen', async () => {
    const { shapes, arrows } = await detector.figures();
    expect(shapes).toBeGreaterThan(0.9);
    expect(arrows).toBeGreaterThan(0.85);
  });

  it('finds the figures of flowcharts that a program drew, whatever it takes them for, and their arrows between them', async () => {
    let [asked, right, arrows, joined] = [0, 0, 0, 0];
    for (let number = 0; number < 5; number++) {
      const rng = seededRng(`shipped/${number}`);
      const plan = planFlowchart(rng);
      const { strokes, groups } = drawFlowchart(plan, someHand(rng), rng);
      const photo = await photograph(strokes, someCamera(rng), rng);
      const found = await detector.detect({ ...photo, bytes: photo.picture }, new Set(flowchartShapes.keys()));
      if (found.kind === 'not-detected') throw new Error(found.detail);
      const ids = found.shapes.map(({ box }) => {
        const figure = plan.figures.find(({ id, type }) => {
          const own = groups.find((group) => group.ref === id && group.label === type)!;
          const places = own.strokes.flatMap((stroke) => strokes[stroke]!.map(photo.place));
          const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
          const bounds = {
            left: Math.min(...xs),
            top: Math.min(...ys),
            right: Math.max(...xs),
            bottom: Math.max(...ys),
          };
          return overlap(bounds, box) > 0.5;
        });
        return figure?.id ?? null;
      });
      asked += plan.figures.length;
      right += new Set(ids.filter((id) => id !== null)).size;
      arrows += plan.arrows.length;
      const joins = joinArrows(found.shapes, found.arrows).map(
        ({ source, target }) => `${ids[source ?? -1]} ${ids[target ?? -1]}`,
      );
      joined += plan.arrows.filter(({ source, target }) => joins.includes(`${source} ${target}`)).length;
    }
    expect(right / asked).toBeGreaterThan(0.9);
    expect(joined / arrows).toBeGreaterThan(0.8);
  });

  it('finds nothing on an empty sheet', async () => {
    const rng = seededRng('empty');
    const dot = [[[0, 0] as const, [0.1, 0] as const]];
    const photo = await photograph(dot, { ...someCamera(rng), squares: 30 }, rng);
    const found = await detector.detect({ ...photo, bytes: photo.picture }, new Set(flowchartShapes.keys()));
    expect(found).toMatchObject({ kind: 'detected', shapes: [], arrows: [] });
  });

  it('says so where there is no picture', async () => {
    const none = { bytes: new Uint8Array(20), width: 1, height: 1 };
    expect(await detector.detect(none, new Set(['task']))).toMatchObject({ reason: 'unreadable' });
  });
});
