import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelForestSchema, type CountTask, type PhotoFinding, type PhotoRequest, type PhotoTask } from '#libs/grading';
import { OpenCvPhotoMeasurer } from './open-cv-photo.measurer.js';
import { box, cornerMarkers, disc, line, Painting, type Colour } from '../../../../tests/support/painting.js';

const white: Colour = [235, 235, 235];
const ink: Colour = [40, 40, 60];
const measurer = new OpenCvPhotoMeasurer();

/** Places that are apart from one another: cells of a grid, each with a disc somewhere inside it. */
const discs = fc
  .array(
    fc.record({
      cell: fc.integer({ min: 0, max: 29 }),
      dx: fc.integer({ min: -4, max: 4 }),
      dy: fc.integer({ min: -4, max: 4 }),
      radius: fc.integer({ min: 8, max: 14 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((all) => [...new Map(all.map((each) => [each.cell, each])).values()]);

async function find(picture: Uint8Array, task: PhotoTask, frame: PhotoRequest['frame'] = null): Promise<PhotoFinding> {
  const measured = await measurer.measure(picture, { frame, tasks: [task] });
  if (measured.kind !== 'measured') throw new Error(`${measured.reason}: ${measured.detail}`);
  return measured.findings[0]!;
}

const aCount = (more: Partial<CountTask> = {}): CountTask => ({
  kind: 'count',
  region: null,
  polarity: 'auto',
  diameter: null,
  classifier: null,
  ...more,
});

async function countOf(picture: Uint8Array, more: Partial<CountTask> = {}): Promise<number> {
  const found = await find(picture, aCount(more));
  return found.kind === 'counted' ? found.count : NaN;
}

// Starting the thread takes OpenCV a second, and longer where it is compiled for a test.
beforeAll(async () => {
  await find(await new Painting(64, 64, white).png(), aCount());
}, 60_000);
afterAll(() => measurer.close());

describe('counting on a photo', () => {
  it(
    'finds as many as were drawn, whichever way the picture is turned, mirrored and lit',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(discs, fc.boolean(), fc.integer({ min: 1, max: 1_000 }), async (drawn, isLight, seed) => {
          const [ground, thing] = isLight ? [[30, 32, 30] as const, [170, 180, 175] as const] : [white, ink];
          const painting = new Painting(300, 250, ground);
          for (const { cell, dx, dy, radius } of drawn) {
            painting.add(disc(25 + 50 * (cell % 6) + dx, 25 + 50 * Math.floor(cell / 6) + dy, radius), thing);
          }
          const picture = await painting.noise(3, seed).png({ blur: 0.7 });
          const views = [
            picture,
            await sharp(picture).rotate(90).png().toBuffer(),
            await sharp(picture).flop().png().toBuffer(),
            await sharp(picture).linear(0.85, 8).png().toBuffer(),
          ];
          for (const view of views) expect(await countOf(view)).toBe(drawn.length);
        }),
        { numRuns: 6 },
      );
    },
  );

  it('takes apart what touches, and gives an outline, a size and a colour of each', { timeout: 30_000 }, async () => {
    const painting = new Painting(400, 300, white);
    for (const [x, y] of [
      [80, 80],
      [112, 80],
      [250, 120],
      [268, 148],
      [90, 220],
    ] as const)
      painting.add(disc(x, y, 18), [200, 30, 40]);
    const found = await find(await painting.png(), aCount());
    if (found.kind !== 'counted') throw new Error(found.kind);
    expect(found).toMatchObject({ count: 5, least: 5 });
    const lone = found.things.find(({ outline }) => outline.every(([x, y]) => x < 130 && y > 180))!;
    expect(lone.area).toBeCloseTo((Math.PI * 18 ** 2) / (400 * 300), 3);
    expect(lone.outline.length).toBeLessThanOrEqual(24);
    for (const [x, y] of lone.outline) expect(Math.abs(Math.hypot(x - 90, y - 220) - 18)).toBeLessThan(2);
    expect(lone.colour[0]).toBeGreaterThan(4 * lone.colour[1]);
  });

  it(
    'keeps to its region and to sizes, sees through shade, and finds nothing on an empty sheet',
    { timeout: 30_000 },
    async () => {
      const painting = new Painting(400, 300, white);
      for (let i = 0; i < 6; i++) painting.add(disc(40 + 60 * i, 80, 12), ink);
      for (let i = 0; i < 4; i++) painting.add(disc(60 + 80 * i, 220, 5), ink);
      const picture = await painting
        .shade((x, y) => 1 - 0.5 * x - 0.15 * y)
        .noise(2, 7)
        .png();
      expect(await countOf(picture)).toBe(10);
      const left = [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ] as const;
      expect(await countOf(picture, { region: left })).toBe(5);
      expect(await countOf(picture, { diameter: { least: 0.04, most: 0.1 } })).toBe(6);
      const empty = new Painting(300, 200, white).shade((x) => 1 - 0.3 * x).noise(3, 3);
      expect(await countOf(await empty.png())).toBe(0);
    },
  );

  it('learns from one labelled picture what brightness does not tell', { timeout: 60_000 }, async () => {
    // Rings and full discs of the same ink: the full ones count.
    const draw = (seed: number): { painting: Painting; full: (readonly [number, number])[] } => {
      const painting = new Painting(360, 240, white);
      const places = Array.from({ length: 24 }, (_, at) => [30 + 60 * (at % 6), 30 + 60 * Math.floor(at / 6)] as const);
      const full = places.filter((_, at) => (at * 7 + seed) % 3 === 0);
      for (const place of places) {
        painting.add(disc(...place, 14), ink);
        if (!full.includes(place)) painting.add(disc(...place, 9), white);
      }
      return { painting: painting.noise(4, seed), full };
    };
    const [taught, asked] = [draw(1), draw(2)];
    const labels = Int32Array.from({ length: 360 * 240 }, (_, at) => {
      const [x, y] = [(at % 360) + 0.5, Math.floor(at / 360) + 0.5];
      return 1 + taught.full.findIndex((place) => disc(...place, 14).holds(x, y));
    });
    const examples = [{ picture: await taught.painting.png(), labels }];
    const forest = await measurer.learnPixels(examples, 1);
    if ('kind' in forest) throw new Error(forest.detail);
    expect(pixelForestSchema.parse(JSON.parse(JSON.stringify(forest)))).toEqual(forest);
    expect(await measurer.learnPixels(examples, 1)).toEqual(forest);
    const picture = await asked.painting.png();
    expect(await countOf(picture)).toBeGreaterThanOrEqual(24);
    expect(await countOf(picture, { classifier: forest })).toBe(asked.full.length);
  });
});

describe('reading from a photo', { timeout: 30_000 }, () => {
  it('tells where a needle points to within a degree, though marks and a tail are there and the centre is a little off', async () => {
    for (const angle of [3, 47, 90, 171, 225, 318]) {
      const painting = new Painting(320, 320, white);
      const [sin, cos] = [Math.sin((angle * Math.PI) / 180), -Math.cos((angle * Math.PI) / 180)];
      for (let mark = 0; mark < 12; mark++) {
        const turn = (mark * Math.PI) / 6;
        const [u, v] = [Math.sin(turn), Math.cos(turn)];
        painting.add(line(160 + 110 * u, 160 + 110 * v, 160 + 125 * u, 160 + 125 * v, 4), ink);
      }
      painting.add(line(160 - 35 * sin, 160 - 35 * cos, 160 + 100 * sin, 160 + 100 * cos, 5), [180, 20, 20]);
      painting.add(disc(160, 160, 12), ink);
      const picture = await painting.noise(3, angle).png({ blur: 1 });
      const found = await find(picture, { kind: 'needle', centre: [0.505, 0.497], radius: 0.4 });
      if (found.kind !== 'needle') throw new Error(found.kind);
      expect(Math.abs(((found.angle - angle + 540) % 360) - 180)).toBeLessThan(1);
      expect(found.clearness).toBeGreaterThan(0.3);
    }
    const face = await new Painting(320, 320, white).noise(3, 1).png();
    expect(await find(face, { kind: 'needle', centre: [0.5, 0.5], radius: 0.4 })).toEqual({ kind: 'nothing' });
  });

  it('tells the colour of a region in amounts of light, and the length of a thing', async () => {
    const painting = new Painting(400, 300, white).add(box(50, 50, 100, 100), [188, 64, 0]);
    painting.add(line(220, 200, 340, 110, 8), ink);
    const picture = await painting.png();
    const region = [
      [0.15, 0.2],
      [0.35, 0.2],
      [0.35, 0.45],
      [0.15, 0.45],
    ] as const;
    const colour = await find(picture, { kind: 'colour', region });
    if (colour.kind !== 'colour') throw new Error(colour.kind);
    // Of 188, 64 and 0 levels of sRGB.
    expect(colour.colour.map((light) => Math.round(light * 1_000))).toEqual([503, 51, 0]);
    expect(colour.spread).toBeLessThan(0.01);
    const right = [
      [0.45, 0.2],
      [1, 0.2],
      [1, 0.9],
      [0.45, 0.9],
    ] as const;
    const length = await find(picture, { kind: 'length', region: right, polarity: 'auto' });
    if (length.kind !== 'length') throw new Error(length.kind);
    expect(Math.abs(length.length * 400 - 158)).toBeLessThan(2.5);
  });

  it('straightens a sheet by its corner markers, and says when they are not all there', async () => {
    const sheet = new Painting(600, 450, white).add(cornerMarkers(30, 30, 540, 390, 60), [10, 10, 10]);
    for (const [x, y] of [
      [300, 225],
      [220, 180],
    ] as const)
      sheet.add(disc(x, y, 20), ink);
    const picture = await sheet.png();
    const frame = { aspect: 540 / 390 };
    const middle = [
      [0.15, 0.15],
      [0.85, 0.15],
      [0.85, 0.85],
      [0.15, 0.85],
    ] as const;
    // Turned by 9 degrees, with a border that the camera sees beside the sheet.
    const turned = await sharp(picture).rotate(9, { background: '#777' }).png().toBuffer();
    const found = await find(turned, aCount({ region: middle }), frame);
    if (found.kind !== 'counted') throw new Error(found.kind);
    expect(found.count).toBe(2);
    // In pixels of the turned picture: its middle is that of the sheet.
    const { width, height } = await sharp(turned).metadata();
    const centre = found.things.find(({ outline }) =>
      outline.every(([x, y]) => Math.hypot(x - width / 2, y - height / 2) < 24),
    );
    expect(centre).toBeDefined();
    const covered = await sharp(picture)
      .composite([
        { input: { create: { width: 80, height: 80, channels: 3, background: 'white' } }, left: 20, top: 20 },
      ])
      .png()
      .toBuffer();
    expect(await measurer.measure(covered, { frame, tasks: [] })).toMatchObject({
      reason: 'frame-missing',
      detail: '3 of 4 markers are to be seen.',
    });
  });

  it('says how bright, how full of contrast and how sharp a photo is', async () => {
    const painting = new Painting(500, 400, white);
    for (let i = 0; i < 12; i++) painting.add(disc(60 + 120 * (i % 4), 80 + 120 * Math.floor(i / 4), 25), ink);
    const qualityOf = async (picture: Uint8Array) => {
      const measured = await measurer.measure(picture, { frame: null, tasks: [] });
      return measured.quality!;
    };
    const sharpOne = await qualityOf(await painting.png());
    expect(sharpOne.blur).toBeLessThan(3);
    expect(sharpOne.brightest).toBeGreaterThan(90);
    for (const blur of [4, 6]) {
      const measured = (500 / 1_000) * (await qualityOf(await painting.png({ blur }))).blur;
      expect(measured / blur).toBeGreaterThan(0.7);
      expect(measured / blur).toBeLessThan(1.6);
    }
    expect((await qualityOf(await new Painting(300, 200, white).noise(2, 1).png())).contrast).toBeLessThan(6);
    expect((await qualityOf(await painting.shade(() => 0.12).png())).brightest).toBeLessThan(35);
  });
});
