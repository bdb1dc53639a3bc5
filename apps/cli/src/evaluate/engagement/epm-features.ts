import { emptyBehaviour, observe, type ItemNorm } from '#libs/engagement';
import { activityKinds, type ActivityRow, type Visit } from './epm-records.js';

/** A moment of a visit that is judged, in seconds. */
export interface Moment {
  readonly at: number;
  /** What is being worked on then. */
  readonly exercise: string;
}

/** What is looked back on, and how far ahead is asked, in seconds. */
export const lookBack = 600;
export const lookAhead = 120;

/** Every two minutes, after the first ten and before the last two: moments at which a student is known to be in the course. */
export function momentsOf({ rows }: Visit): Moment[] {
  const begin = rows[0]?.from ?? 0;
  const end = rows.reduce((latest, { to }) => Math.max(latest, to), begin);
  const moments: Moment[] = [];
  for (let at = begin + lookBack; at + lookAhead <= end; at += lookAhead) {
    const running = rowAt(rows, at);
    if (running !== null && running.kind !== 'Other') moments.push({ at, exercise: running.exercise });
  }
  return moments;
}

/** Whether a stay elsewhere of so many seconds or more begins within two minutes. */
export function leavesAfter({ rows }: Visit, at: number, seconds: number): boolean {
  return rows.some(
    ({ kind, from, to }) => kind === 'Other' && from >= at && from < at + lookAhead && to - from >= seconds,
  );
}

/** The presence rule of the product on stays elsewhere alone: its confidence that she is distracted, else 0, at each moment. */
export function presenceRule({ rows }: Visit, moments: readonly Moment[]): number[] {
  let state = emptyBehaviour();
  let next = 0;
  return moments.map(({ at }) => {
    for (; next < rows.length && rows[next]!.from < at; next++) {
      const { kind, from } = rows[next]!;
      const event = { kind: kind === 'Other' ? 'left-page' : 'came-back', at: from * 1000 } as const;
      ({ state } = observe(state, event, anyItem));
    }
    const { estimate } = observe(state, { kind: 'came-back', at: at * 1000 }, anyItem);
    return estimate.label === 'distracted' ? estimate.confidence : 0;
  });
}

/** The rule looks at no item. */
const anyItem: ItemNorm = { medianMs: 60_000, spread: 1, successRate: 0.5 };

/** Features at a moment, by what they look at. All but pace look at the last ten minutes only. */
export interface MomentFeatures {
  readonly presence: readonly number[];
  /** How long and how often, on this exercise and on others, since the visit began. */
  readonly pace: readonly number[];
  readonly doing: readonly number[];
}

/**
 * What is known at a moment, from before it: stretches that began before, as far as they had come, and what was counted in those
 * that had ended.
 * @param usualSeconds what others take for the exercise
 */
export function featuresAt({ rows }: Visit, { at, exercise }: Moment, usualSeconds: number): MomentFeatures {
  const before = rows
    .filter(({ from }) => from < at)
    .map((row) => ({ ...row, to: Math.min(row.to, at), ended: row.to <= at }));
  const recent = before.filter(({ to }) => to > at - lookBack);
  return {
    presence: presenceAt(recent, at),
    pace: paceAt(before, recent, { at, exercise }, usualSeconds),
    doing: doingAt(recent, at),
  };
}

/** A stretch as it is known at a moment. */
interface Known extends ActivityRow {
  readonly ended: boolean;
}

function presenceAt(recent: readonly Known[], at: number): number[] {
  const away = recent.filter(({ kind }) => kind === 'Other');
  const ended = recent.filter((row) => row.ended);
  const idleShare = (seconds: number): number =>
    sumOf(since(ended, at, seconds), ({ idle }) => idle) / Math.max(1, sumOf(since(ended, at, seconds), lengthOf));
  return [
    ...[120, 300, lookBack].flatMap((seconds) => [
      sumOf(away, (row) => lengthSince(row, at - seconds)),
      since(away, at, seconds).length,
    ]),
    Math.min(lookBack, at - (away.at(-1)?.to ?? -Infinity)),
    away.reduce((most, row) => Math.max(most, lengthOf(row)), 0),
    idleShare(120),
    idleShare(lookBack),
  ];
}

function paceAt(before: readonly Known[], recent: readonly Known[], { at, exercise }: Moment, usual: number): number[] {
  const spent = sumOf(
    before.filter((row) => row.exercise === exercise),
    lengthOf,
  );
  const begun = entries(before.map((row) => row.exercise));
  const lately = entries(recent.map((row) => row.exercise));
  return [
    (at - (before[0]?.from ?? at)) / 60,
    spent / 60,
    Math.log((spent + 30) / (usual + 30)),
    new Set(begun).size,
    begun.length - new Set(begun).size,
    lately.length - new Set(lately).size,
    recent.filter(({ kind }, index) => kind === 'Study' && recent[index - 1]?.kind !== 'Study').length,
    since(recent, at, 120).length,
    since(recent, at, 300).length,
    recent.length,
  ];
}

function doingAt(recent: readonly Known[], at: number): number[] {
  const running = recent.at(-1);
  const ended = recent.filter((row) => row.ended);
  const counted = (of: (row: ActivityRow) => number): number[] =>
    [120, lookBack].map((seconds) => Math.log1p(sumOf(since(ended, at, seconds), of)));
  return [
    ...activityKinds.flatMap((kind) => {
      const own = recent.filter((row) => row.kind === kind);
      return [
        sumOf(own, (row) => lengthSince(row, at - 120)),
        sumOf(own, (row) => lengthSince(row, at - lookBack)),
        running?.kind === kind ? 1 : 0,
      ];
    }),
    Math.min(lookBack, at - (running?.from ?? at)),
    new Set(recent.map(({ kind }) => kind)).size,
    ...counted(({ wheel }) => wheel),
    ...counted(({ clicks }) => clicks),
    ...counted(({ movement }) => movement),
    ...counted(({ keys }) => keys),
  ];
}

/** How long a student takes for an exercise, in seconds: the median over visits. */
export function usualSecondsOf(visits: readonly Visit[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number[]>();
  for (const { rows } of visits) {
    const own = new Map<string, number>();
    for (const row of rows) own.set(row.exercise, (own.get(row.exercise) ?? 0) + lengthOf(row));
    for (const [exercise, seconds] of own) totals.set(exercise, [...(totals.get(exercise) ?? []), seconds]);
  }
  return new Map(
    [...totals].map(([exercise, seconds]) => [exercise, seconds.sort((a, b) => a - b)[seconds.length >> 1]!]),
  );
}

/** The stretch under way; null where nothing is known of a time. */
function rowAt(rows: readonly ActivityRow[], at: number): ActivityRow | null {
  const running = rows.findLast(({ from }) => from < at);
  return running !== undefined && running.to >= at ? running : null;
}

/** Each exercise as often as it was come to. */
function entries(exercises: readonly string[]): string[] {
  return exercises.filter((exercise, index) => exercise !== exercises[index - 1]);
}

/** Those that began or went on in the last seconds. */
function since(rows: readonly Known[], at: number, seconds: number): Known[] {
  return rows.filter(({ to }) => to > at - seconds);
}

function lengthOf({ from, to }: ActivityRow): number {
  return to - from;
}

function lengthSince({ from, to }: ActivityRow, begin: number): number {
  return Math.max(0, to - Math.max(from, begin));
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
