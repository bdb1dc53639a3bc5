import { engagementGate } from './engagement-gate.js';
import type { GateInput } from './gate-input.js';
import type { GateLine } from './gate-line.js';
import { gradingGate } from './grading-gate.js';

/** What a model has to show before it may judge. All lines have to be met. */
export function promotionGate(input: GateInput): readonly GateLine[] {
  return input.manifest.task === 'engagement-window' ? engagementGate(input) : gradingGate(input);
}
