/** What `attune evaluate policy` is told. */
export interface PolicyFlags {
  readonly log: string;
  readonly policy: string;
  readonly temperature?: number;
  readonly epsilon?: number;
  readonly repeats: number;
  readonly seed: string;
  readonly json: boolean;
}
