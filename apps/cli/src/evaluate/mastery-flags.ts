/** Formats of published data sets: see `readDataset`. */
export const dataFormats = ['gervet', 'akt', 'pykt'] as const;
export type DataFormat = (typeof dataFormats)[number];

/** Student models that can be scored. */
export const masteryModels = ['elo', 'bestlr', 'attune'] as const;
export type MasteryModel = (typeof masteryModels)[number];

/** What `attune evaluate mastery` is told. */
export interface MasteryFlags {
  readonly format: DataFormat;
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly items?: string;
  readonly model: MasteryModel;
  readonly online: boolean;
  readonly compare: boolean;
  readonly seed: string;
  readonly plot?: string;
  readonly json: boolean;
}
