/** Sizes that the scans of a class keep to. */
export const scanLimits = {
  /** Bytes of what is uploaded. */
  bytes: 512 * 1024 ** 2,
  /** Bytes of a PDF: it is held in memory while it is drawn. */
  pdfBytes: 256 * 1024 ** 2,
  /** Bytes of all that is in a zip, unpacked. */
  unpackedBytes: 2 * 1024 ** 3,
  /** Bytes of one picture in a zip, as of every upload. */
  pictureBytes: 12 * 1024 ** 2,
  /** Pages of a PDF, or files of a zip. */
  pages: 300,
  pagesPerLearner: 10,
  /** Pages that cannot be read before all of it is given up: what makes a program fail at each page is no sheet of a class. */
  refused: 30,
  /** Refused pages that are told. */
  told: 30,
  /** Learners of a course that pages are matched with. */
  learners: 2_000,
  /** Pages that may be corrected, and learners whose work may be published, in one request. */
  atOnce: 300,
  /** Milliseconds after which a worker hands the reading on to whoever is next: less than it has when it is stopped. */
  turn: 4_000,
} as const;

/** From this confidence on a proposal is taken as it is; the teacher still sees why it was made. */
export const sureMatch = 0.8;
