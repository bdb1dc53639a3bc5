import { z } from 'zod';

/** What a forest may have: some 200 kB as text. */
export const forestLimits = { trees: 40, nodes: 8_000 } as const;

const node = z.int().min(-1).max(forestLimits.nodes);
const list = <T extends z.ZodType>(of: T): z.ZodArray<T> => z.array(of).min(1).max(forestLimits.nodes);

/** A decision tree in lists, by node from 0: a feature of −1 makes a leaf; the right child of a node stands after its left one. */
const treeSchema = z
  .strictObject({
    features: list(node),
    thresholds: list(z.number()),
    children: list(node),
    shares: list(z.number().min(0).max(1)),
  })
  .superRefine(({ features, thresholds, children, shares }, context) => {
    const count = features.length;
    const isEven = [thresholds, children, shares].every(({ length }) => length === count);
    // Children come after their parents, so that every way ends.
    const leads = features.every(
      (feature, at) => feature < 0 || ((children[at] ?? 0) > at && (children[at] ?? 0) + 1 < count),
    );
    if (!isEven || !leads) context.addIssue({ code: 'custom', message: 'is no tree', path: [] });
  });
export type PixelTree = z.infer<typeof treeSchema>;

/**
 * Tells from what its surroundings look like whether a pixel is inside of something: a random forest, as `learnPixels` makes
 * it. What does not pass the gate, one comparison, is outside without further questions.
 */
export const pixelForestSchema = z
  .strictObject({
    features: z.literal('gaussian-36').describe('The features that it asks for, by name and number.'),
    trees: z.array(treeSchema).min(1).max(forestLimits.trees),
    gate: z.strictObject({ feature: z.int().min(0).max(35), threshold: z.number(), isBelow: z.boolean() }),
    leastArea: z.number().positive().describe('Pixels of the smallest thing that counts.'),
  })
  .superRefine(({ trees }, context) => {
    const nodes = trees.reduce((sum, { features }) => sum + features.length, 0);
    const message = `has more than ${forestLimits.nodes} nodes`;
    if (nodes > forestLimits.nodes) context.addIssue({ code: 'custom', message, path: ['trees'] });
    if (trees.some(({ features }) => features.some((feature) => feature > 35))) {
      context.addIssue({ code: 'custom', message: 'asks for a feature that there is not', path: ['trees'] });
    }
  });
export type PixelForest = z.infer<typeof pixelForestSchema>;
