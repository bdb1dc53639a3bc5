/** What is measured on: files or folders to learn from, and one to be scored on. */
export interface GradingData {
  readonly train: readonly string[];
  readonly test: string;
  readonly labelsPerClass: number | null;
  /** Pictures of other things; where there are none, some are drawn. */
  readonly others: readonly string[];
  readonly seed: string;
}

/** Figures by their names; a name may hold more names. */
export interface Figures {
  readonly [name: string]: number | null | Figures;
}

/** How good grading is on a set. */
export interface GradingEvaluation {
  readonly figures: Figures;
  /** For people. */
  readonly lines: readonly string[];
  /** What went wrong most, worst first. */
  readonly worst: readonly WorstCase[];
}

/** One case to look at: a picture, if there is one, with shapes over it. */
export interface WorstCase {
  readonly title: string;
  readonly facts: readonly string[];
  readonly picture: { readonly bytes: Uint8Array; readonly mediaType: string } | null;
  /** Of the picture, or of the space that the shapes are in: pixels. */
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly {
    readonly points: readonly (readonly [number, number])[];
    readonly closed: boolean;
    readonly colour: 'right' | 'wrong' | 'neutral';
    readonly label: string;
  }[];
}

export type OnProgress = (share: number, what: string) => void;

/** Measures on one set. Throws a DatasetError where a file is not what it should be. */
export type EvaluateSet = (data: GradingData, onProgress: OnProgress) => Promise<GradingEvaluation>;
