/** The bars, each with where it comes from in docs/decisions. */
export const gateNumbers = {
  grading: {
    examples: 30,
    examplesPerLabel: 5,
    ece: 0.1,
    worstRecall: 0.5,
    meanAveragePrecision: 0.5,
    groupGap: 0.1,
    groupExamples: 30,
    /** Groups left out in turn, of cross-validation. */
    crossValidatedGroups: 10,
    latency: 2_000,
    settled: 30,
    /** The active one may not be more than this much better, at the upper end of a 95 % interval. */
    shadowLoss: 0.05,
  },
  engagement: {
    students: 20,
    positives: 50,
    positiveStudents: 8,
    auc: 0.65,
    aucLower: 0.55,
    f1OverMajority: 0.15,
    kappa: 0.4,
    aucGain: 0.03,
    ece: 0.08,
    precision: 0.6,
    coverage: 0.6,
    groupGap: 0.08,
    groupFalseAlarms: 0.08,
    groupAbstained: 0.1,
    groupStudents: 10,
    parity: 1e-3,
    shadowDays: 14,
    /** Windows of live learning; with one in ten on which just one of two is right, the interval of the loss is ± .044. */
    settled: 200,
    shadowLoss: 0.05,
  },
} as const;
