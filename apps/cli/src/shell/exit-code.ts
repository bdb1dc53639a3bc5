/** How `attune` ends; written into `attune serve --help`, and kept stable because scripts branch on it. */
export const EXIT_CODE = {
  /** Stopped because it was asked to. */
  stopped: 0,
  /** A fault of Attune itself. */
  unexpected: 1,
  /** A setting or an argument does not make sense. */
  settings: 2,
  /** The port is taken, or Attune already runs on this data folder. */
  taken: 3,
  /** The data folder cannot be used: not writable, full, damaged. */
  dataFolder: 4,
  /** The database cannot be reached, refuses us, or cannot be migrated. */
  database: 5,
  /** The API, the worker or PostgreSQL would not stay up. */
  part: 6,
} as const;

/** The same in words, for the help. */
export const EXIT_CODE_HELP = `
Exit codes:
  0  stopped as asked
  1  a fault of Attune itself
  2  a setting or an argument does not make sense
  3  the port is taken, or Attune already runs on this data folder
  4  the data folder cannot be used: not writable, full, damaged
  5  the database cannot be reached, refuses us, or cannot be migrated
  6  the API, the worker or PostgreSQL would not stay up`;
