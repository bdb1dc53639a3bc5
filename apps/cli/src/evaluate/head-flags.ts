/** What `attune evaluate head` is told. */
export interface HeadFlags {
  readonly data: readonly string[];
  readonly group?: string;
  readonly labels: number;
  readonly most: number;
  readonly margin: number;
  readonly window?: number;
  readonly per: readonly string[];
  readonly draws: number;
  readonly seed: string;
  readonly json: boolean;
}
