import { DatasetError } from '../datasets.js';
import { readTable } from './table-file.js';

/** A module as it is held once. Days count from its start, which is day 0. */
export interface Presentation {
  readonly module: string;
  /** The year, and B for a start in February or J for one in October. */
  readonly name: string;
  readonly days: number;
  /** Without exams, earliest first. */
  readonly assessments: readonly Assessment[];
}

export interface Assessment {
  readonly id: string;
  /** Marked by a program, so that the score is known as soon as it is due. */
  readonly isAutomatic: boolean;
  readonly due: number;
  readonly weight: number;
}

/** A student in a presentation. */
export interface Enrolment {
  readonly student: string;
  readonly presentation: Presentation;
  readonly previousAttempts: number;
  readonly credits: number;
  readonly registered: number;
  /** The day of leaving; null for somebody who stayed. */
  readonly left: number | null;
  readonly submissions: readonly Submission[];
  /** Neither passed nor with distinction. */
  readonly didNotPass: boolean;
}

export interface Submission {
  readonly assessment: string;
  readonly day: number;
  /** Carried over from an earlier presentation. */
  readonly isBanked: boolean;
  /** 0 to 100; null where there is none. */
  readonly score: number | null;
}

const outcomes: Readonly<Record<string, boolean>> = { Pass: false, Distinction: false, Fail: true, Withdrawn: true };

/**
 * Reads the Open University's set (Kuzilek, Hlosta and Zdrahal, "Open University Learning Analytics dataset", 2017) as far as it is
 * used: nothing of who a student is beyond a number. A student without a day of registration is left out.
 */
export async function readOulad(folder: string): Promise<Enrolment[]> {
  const course = ['code_module', 'code_presentation'] as const;
  const whose = [...course, 'id_student'] as const;
  const courses = await readTable(folder, ['course', 'courses'], [...course, 'module_presentation_length']);
  const assessments = await readTable(
    folder,
    ['assessment', 'assessments'],
    [...course, 'id_assessment', 'assessment_type', 'date', 'weight'],
  );
  const students = await readTable(
    folder,
    ['student', 'studentInfo'],
    [...whose, 'num_of_prev_attempts', 'studied_credits', 'final_result'],
  );
  const registrations = await readTable(
    folder,
    ['student_registration', 'studentRegistration'],
    [...whose, 'date_registration', 'date_unregistration'],
  );
  const results = await readTable(
    folder,
    ['student_assessment', 'studentAssessment'],
    ['id_assessment', 'id_student', 'date_submitted', 'is_banked', 'score'],
  );

  const presentations = new Map<string, Presentation & { readonly assessments: Assessment[] }>();
  for (const row of courses) {
    const [module, name] = [row.text('code_module'), row.text('code_presentation')];
    const days = row.number('module_presentation_length');
    presentations.set(`${module} ${name}`, { module, name, days, assessments: [] });
  }
  const presentationOf = (row: (typeof assessments)[number] | (typeof students)[number]) => {
    const found = presentations.get(`${row.text('code_module')} ${row.text('code_presentation')}`);
    if (found === undefined) throw row.wrong('code_presentation', 'a presentation of the courses');
    return found;
  };
  const placeOf = new Map<string, string>();
  for (const row of assessments) {
    const [id, kind, due] = [row.text('id_assessment'), row.text('assessment_type'), row.numberOrNull('date')];
    const { module, name, assessments: own } = presentationOf(row);
    placeOf.set(id, `${module} ${name}`);
    if (kind === 'Exam' || due === null) continue;
    own.push({ id, isAutomatic: kind === 'CMA', due, weight: row.number('weight') });
  }
  for (const { assessments: own } of presentations.values()) own.sort((a, b) => a.due - b.due);

  const submissions = new Map<string, Submission[]>();
  for (const row of results) {
    const assessment = row.text('id_assessment');
    const place = placeOf.get(assessment);
    if (place === undefined) throw row.wrong('id_assessment', 'one of the assessments');
    const key = `${place} ${row.text('id_student')}`;
    const own = submissions.get(key) ?? [];
    submissions.set(key, own);
    const isBanked = ['1', 'TRUE'].includes(row.text('is_banked').toUpperCase());
    own.push({ assessment, day: row.number('date_submitted'), isBanked, score: row.numberOrNull('score') });
  }
  const stays = new Map(
    registrations.map((row) => [
      `${row.text('code_module')} ${row.text('code_presentation')} ${row.text('id_student')}`,
      { registered: row.numberOrNull('date_registration'), left: row.numberOrNull('date_unregistration') },
    ]),
  );

  const enrolments = students.flatMap((row): Enrolment[] => {
    const [presentation, student] = [presentationOf(row), row.text('id_student')];
    const key = `${presentation.module} ${presentation.name} ${student}`;
    const stay = stays.get(key);
    if (stay === undefined) throw row.wrong('id_student', 'a student who is registered');
    const didNotPass = outcomes[row.text('final_result')];
    if (didNotPass === undefined) throw row.wrong('final_result', Object.keys(outcomes).join(', '));
    const [previousAttempts, credits] = [row.number('num_of_prev_attempts'), row.number('studied_credits')];
    const { registered, left } = stay;
    if (registered === null) return [];
    const own = submissions.get(key) ?? [];
    return [{ student, presentation, previousAttempts, credits, registered, left, submissions: own, didNotPass }];
  });
  if (enrolments.length === 0) throw new DatasetError(`${folder}: there is no student in it.`);
  return enrolments;
}
