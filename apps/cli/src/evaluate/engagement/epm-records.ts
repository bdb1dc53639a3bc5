import { DatasetError } from '../datasets.js';
import { readTable, type TableRow } from './table-file.js';

/** What a student was looking at; `Other` is away from the course, `Blank` a page without a title. */
export const activityKinds = [
  'TextEditor',
  'Deeds',
  'FSM',
  'Study',
  'Diagram',
  'Properties',
  'Aulaweb',
  'Materials',
  'Blank',
  'Other',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** A stretch of one activity, in seconds; it ends before `to`. What is counted in it is known once it has ended. */
export interface ActivityRow {
  readonly exercise: string;
  readonly kind: ActivityKind;
  readonly from: number;
  readonly to: number;
  readonly idle: number;
  readonly wheel: number;
  readonly clicks: number;
  readonly movement: number;
  readonly keys: number;
}

/** One laboratory session of one student. */
export interface Visit {
  readonly student: string;
  readonly session: string;
  /** In the order in which they began. */
  readonly rows: readonly ActivityRow[];
}

const fields = [
  'session',
  'student_id',
  'exercise',
  'activity',
  'start_time',
  'end_time',
  'idle_time_ms',
  'mouse_wheel',
  'mouse_wheel_click',
  'mouse_click_left',
  'mouse_click_right',
  'mouse_movement',
  'keystroke',
] as const;
type Field = (typeof fields)[number];

/**
 * Reads Educational Process Mining (Vahdat, Oneto, Anguita, Funk and Rauterberg, "A learning analytics approach to correlate the
 * academic achievements of students with interaction data from an educational simulator", EC-TEL 2015). Times are to the
 * second, both ends included. Idle time is longer than its stretch in many rows; it is held to it.
 */
export async function readEpm(folder: string): Promise<Visit[]> {
  const visits = new Map<string, Visit & { readonly rows: ActivityRow[] }>();
  for (const row of await readTable(folder, ['epm_activity_log'], fields)) {
    const [student, session] = [row.text('student_id'), row.text('session')];
    const visit = visits.get(`${session} ${student}`) ?? { student, session, rows: [] };
    visits.set(`${session} ${student}`, visit);
    visit.rows.push(activityOf(row));
  }
  if (visits.size === 0) throw new DatasetError(`${folder}: there is no student in it.`);
  for (const { rows } of visits.values()) rows.sort((a, b) => a.from - b.from);
  return [...visits.values()];
}

function activityOf(row: TableRow<Field>): ActivityRow {
  const [from, end] = [secondsOf(row, 'start_time'), secondsOf(row, 'end_time')];
  const to = Math.max(from, end) + 1;
  return {
    exercise: row.text('exercise'),
    kind: kindOf(row),
    from,
    to,
    idle: Math.min(to - from, row.number('idle_time_ms') / 1000),
    wheel: row.number('mouse_wheel'),
    clicks: row.number('mouse_wheel_click') + row.number('mouse_click_left') + row.number('mouse_click_right'),
    movement: row.number('mouse_movement'),
    keys: row.number('keystroke'),
  };
}

/** An activity without the exercise that it belongs to: `Deeds_Es_6_1` is Deeds. */
function kindOf(row: TableRow<Field>): ActivityKind {
  const name = row.text('activity');
  if (name === 'Study_Materials') return 'Materials';
  const first = name.split('_')[0]!.toLowerCase();
  const kind = activityKinds.find((each) => each.toLowerCase() === first);
  if (kind === undefined) throw row.wrong('activity', 'an activity of activities_info.txt');
  return kind;
}

/** Seconds since 1970 of `d.m.yyyy h:m:s`, by a clock that nobody sets forward or back. */
function secondsOf(row: TableRow<Field>, field: 'start_time' | 'end_time'): number {
  const parts = /^(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(row.text(field));
  if (parts === null) throw row.wrong(field, 'a time as d.m.yyyy h:m:s');
  const [day, month, year, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
