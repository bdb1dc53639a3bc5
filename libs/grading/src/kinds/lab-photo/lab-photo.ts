import { z } from 'zod';
import { areaOf, selfCrossing } from '../../model/geometry.js';
import { picturesAtMost } from '#libs/learning';
import { hintsSchema } from '../../model/hints.js';
import { pixelForestSchema } from '../../model/pixel-forest.js';
import { polarities } from '../../photo.ports.js';

const share = z.number().min(0).max(1);
const place = z.tuple([share, share]);

/** An outline in shares of the picture's width and height, which hold for a photo of any size. */
const region = z
  .array(place)
  .min(3, 'a region needs at least 3 corners')
  .max(100)
  .superRefine((corners, context) => {
    if (areaOf(corners) < 1e-6) context.addIssue({ code: 'custom', message: 'encloses nothing', path: [] });
    const crossing = selfCrossing(corners);
    if (crossing === null) return;
    const message = `crosses itself: the sides from corner ${crossing[0] + 1} and from corner ${crossing[1] + 1}`;
    context.addIssue({ code: 'custom', message, path: [] });
  });

const polarity = z.enum(polarities).default('auto').describe('Whether it is lighter or darker than its ground.');
const unit = z.string().trim().min(1).max(20);
const lab = z.tuple([z.number().min(0).max(100), z.number().min(-128).max(127), z.number().min(-128).max(127)]);

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use lower-case letters, digits and dashes'),
  label: z.string().trim().min(1).max(200),
  points: z.number().positive().max(100),
  skill: z.string().min(1).max(64).describe('The skill that it gives evidence of.'),
  hints: hintsSchema,
  photo: z
    .int()
    .min(1)
    .max(picturesAtMost)
    .optional()
    .describe(
      'Which photo of a work shows it, from 1; where it is not said, each does, and the surest reading counts.',
    ),
  /** What is still earned where the value is beside what is expected, by so much at most. */
  partial: z
    .strictObject({
      margin: z.number().positive().describe('In the unit of the value: things, ΔE, or what a scale shows.'),
      share: z.number().min(0).max(0.99).describe('Of the points.'),
    })
    .optional(),
};

const countSchema = z
  .strictObject({
    ...common,
    measure: z.literal('count'),
    of: z.string().trim().min(1).max(100).describe('What is counted, such as “nuclei”.'),
    low: z.int().min(0).max(10_000),
    high: z.int().min(0).max(10_000),
    region: region.optional(),
    polarity,
    diameter: z
      .strictObject({ least: share, most: share })
      .optional()
      .describe('Of what counts, as shares of the longer side of the picture.'),
    classifier: pixelForestSchema.optional().describe('Tells pixels, where brightness does not.'),
  })
  .superRefine(({ low, high, diameter }, context) => {
    if (low > high) context.addIssue({ code: 'custom', message: 'must not be below `low`', path: ['high'] });
    if (diameter !== undefined && diameter.least >= diameter.most) {
      context.addIssue({ code: 'custom', message: 'must be above `least`', path: ['diameter', 'most'] });
    }
  });

const colourSchema = z.strictObject({
  ...common,
  measure: z.literal('colour'),
  region,
  target: lab.describe('CIELAB under D65.'),
  tolerance: z.number().positive().max(100).describe('ΔE (CIEDE2000); 1 can just be seen.'),
});

const angle = z.number().min(0).lt(360).describe('Degrees clockwise from straight up.');

const gaugeSchema = z
  .strictObject({
    ...common,
    measure: z.literal('gauge'),
    centre: place,
    radius: z.number().min(0.02).max(1).describe('To the scale, as a share of the width of the picture.'),
    from: z.strictObject({ angle, value: z.number() }).describe('Where the scale begins, clockwise.'),
    to: z.strictObject({ angle, value: z.number() }).describe('Where it ends.'),
    unit,
    expected: z.number(),
    tolerance: z.number().positive(),
  })
  .superRefine(({ from, to, expected }, context) => {
    if (from.value === to.value) context.addIssue({ code: 'custom', message: 'differs from no value', path: ['to'] });
    if (expected < Math.min(from.value, to.value) || expected > Math.max(from.value, to.value)) {
      context.addIssue({ code: 'custom', message: 'is not on the scale', path: ['expected'] });
    }
  });

const lengthSchema = z.strictObject({
  ...common,
  measure: z.literal('length'),
  region: region.describe('Holds the thing, and nothing else.'),
  polarity,
  expected: z.number().positive().describe('In the unit of the scale.'),
  tolerance: z.number().positive(),
});

/** What is measured on a photo of laboratory work. */
const criterionSchema = z.discriminatedUnion('measure', [countSchema, colourSchema, gaugeSchema, lengthSchema]);
export type PhotoCriterion = z.infer<typeof criterionSchema>;

/** A photo of laboratory work, on which things are counted, and colours, gauges and lengths are read. */
export const labPhotoSchema = z
  .strictObject({
    kind: z.literal('lab-photo'),
    version: z.literal(1),
    frame: z
      .strictObject({ aspect: z.number().min(0.2).max(5).describe('Width by height, between the outer corners.') })
      .optional()
      .describe('The sheet has corner markers (ArUco 4×4_50, 0 to 3 clockwise from the top left) to straighten it by.'),
    scale: z
      .strictObject({ region, polarity, length: z.number().positive(), unit })
      .optional()
      .describe('A bar of known length.'),
    card: z
      .array(z.strictObject({ region, lab }))
      .min(3, 'a card needs at least 3 patches')
      .max(24)
      .optional()
      .describe('Patches whose colours are known.'),
    demands: z
      .strictObject({ bright: z.boolean().default(true), sharp: z.boolean().default(true) })
      .prefault({})
      .describe('What a photo must be: pictures of a fluorescence microscope are dark by nature.'),
    criteria: z.array(criterionSchema).min(1).max(20),
  })
  .superRefine(({ criteria, scale }, context) => {
    const seen = new Set<string>();
    for (const [index, { id, measure }] of criteria.entries()) {
      const path = ['criteria', index];
      if (seen.has(id)) context.addIssue({ code: 'custom', message: 'stands here twice', path: [...path, 'id'] });
      seen.add(id);
      if (measure === 'length' && scale === undefined) {
        context.addIssue({ code: 'custom', message: 'needs a `scale`', path: [...path, 'measure'] });
      }
    }
  });
export type LabPhoto = z.infer<typeof labPhotoSchema>;
