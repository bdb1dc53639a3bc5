import { munkres } from 'munkres';

/** A mark given to a part: indices, and what the pair is worth. */
export interface Match {
  readonly part: number;
  readonly mark: number;
}

/**
 * Gives each part at most one mark and each mark at most one part so that the sum of their worth is the largest there
 * is (Hungarian method: Kuhn 1955, Munkres 1957). Pairs that are worth nothing stand in for dummies: the method may use
 * them to complete the assignment, and they are left out of what is returned.
 * @param worth of a part and a mark, 0 or more; 0 is no match
 */
export function matchMarks(parts: number, marks: number, worth: (part: number, mark: number) => number): Match[] {
  const worths = Array.from({ length: parts }, (_, part) =>
    Array.from({ length: marks }, (__, mark) => worth(part, mark)),
  );
  const columns = Array.from({ length: marks }, (_, mark) => mark).filter((mark) =>
    worths.some((row) => row[mark]! > 0),
  );
  const rows = Array.from({ length: parts }, (_, part) => part).filter((part) =>
    worths[part]!.some((each) => each > 0),
  );
  if (columns.length === 0) return [];
  const most = Math.max(...worths.flat());
  const cost = rows.map((part) => columns.map((mark) => most - worths[part]![mark]!));
  return munkres(cost).flatMap(([row, column]) => {
    const part = rows[row]!;
    const mark = columns[column]!;
    return worths[part]![mark]! > 0 ? [{ part, mark }] : [];
  });
}
