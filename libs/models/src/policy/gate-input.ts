import type { Manifest } from '../model/manifest.js';
import type { ShadowComparison, Verification } from '../model/model-package.js';

/** What a gate looks at. */
export interface GateInput {
  readonly manifest: Manifest;
  readonly verification: Verification;
  /** Beside the active one on live work; null where nothing is active under its name. */
  readonly comparison: ShadowComparison | null;
  /** Since when it is in shadow; null where it is not. */
  readonly shadowSince: Date | null;
  readonly now: Date;
}
