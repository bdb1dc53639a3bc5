import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { manifestSchema } from '../model/manifest.js';
import type { Verification } from '../model/model-package.js';
import { promotionGate } from './promotion-gate.js';

/** Written by training/golden/gate.py: what the training package says of models that are always right. */
const models = z
  .array(manifestSchema)
  .parse(JSON.parse(readFileSync(new URL('./perfect-models.json', import.meta.url), 'utf8')));

const verification: Verification = {
  golden: { tensor: 1e-6, picture: 0, right: 4, labelled: 4 },
  runtime: 'tests',
  latency: { median: 5, p95: 8 },
  memory: 1e8,
};
const now = new Date('2026-03-20T12:00:00Z');
const shadowSince = new Date('2026-03-01T12:00:00Z');

describe('a model of the training package that is always right', () => {
  it('is there for each task', () => {
    expect(models.map(({ task }) => task)).toEqual(['image-classification', 'object-detection', 'engagement-window']);
  });

  it.for(models)('passes every line of its gate: $task', (manifest) => {
    // Engagement is asked for a comparison on live windows as well, which no package can bring.
    const live = {
      settled: 1_000,
      shadowRight: 1_000,
      activeRight: 990,
      onlyShadowRight: 10,
      onlyActiveRight: 0,
      failed: 0,
    };
    const comparison = manifest.task === 'engagement-window' ? live : null;
    const lines = promotionGate({ manifest, verification, comparison, shadowSince, now });
    expect(lines.filter(({ isMet }) => !isMet)).toEqual([]);
  });
});
