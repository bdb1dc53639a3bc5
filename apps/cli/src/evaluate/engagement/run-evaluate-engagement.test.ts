import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededRng } from '#libs/kernel';
import { EXIT_CODE } from '../../shell/exit-code.js';
import type { EngagementSet } from './engagement-flags.js';
import { runEvaluateEngagement } from './run-evaluate-engagement.js';

/** A course of four weeks with one assessment, held three times; whoever hands in late tends to fail. */
function aSmallOulad(): Record<string, string[]> {
  const rng = seededRng('small');
  const files: Record<string, string[]> = {
    course: ['code_module,code_presentation,module_presentation_length'],
    assessment: ['code_module,code_presentation,id_assessment,assessment_type,date,weight'],
    student: ['code_module,code_presentation,id_student,num_of_prev_attempts,studied_credits,final_result'],
    student_registration: ['code_module,code_presentation,id_student,date_registration,date_unregistration'],
    student_assessment: ['id_assessment,id_student,date_submitted,is_banked,score'],
  };
  for (const [at, name] of ['2013B', '2013J', '2014B'].entries()) {
    files['course']!.push(`AAA,${name},28`);
    files['assessment']!.push(`AAA,${name},${at},CMA,10,100`);
    for (let each = 0; each < 60; each++) {
      const student = 100 * at + each;
      const isLate = rng() < 0.5;
      files['student']!.push(`AAA,${name},${student},0,60,${rng() < (isLate ? 0.8 : 0.2) ? 'Fail' : 'Pass'}`);
      files['student_registration']!.push(`AAA,${name},${student},-20,NA`);
      files['student_assessment']!.push(`${at},${student},${isLate ? 13 : 8},FALSE,${isLate ? 40 : 70}`);
    }
  }
  return files;
}

const logHeader =
  'session,student_id,exercise,activity,start_time,end_time,idle_time_ms,mouse_wheel,mouse_wheel_click,' +
  'mouse_click_left,mouse_click_right,mouse_movement,keystroke';

describe('attune evaluate engagement', () => {
  let data: string;
  const said: string[] = [];
  const complained: string[] = [];

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-engagement-'));
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => void complained.push(line));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    said.length = 0;
    complained.length = 0;
    await rm(data, { recursive: true, force: true });
  });

  async function evaluate(set: EngagementSet, files: Record<string, string[]>): Promise<number> {
    for (const [name, lines] of Object.entries(files)) await writeFile(join(data, `${name}.csv`), lines.join('\n'));
    return runEvaluateEngagement({ set, data, seed: 'test', json: true });
  }

  it('tells of each week what is documented', async () => {
    expect(await evaluate('oulad', aSmallOulad())).toBe(0);
    const { split, chosen, candidates, weeks } = JSON.parse(said.join('\n'));
    expect(split.heldOut).toEqual({ presentations: ['AAA 2014B'], enrolments: 60, students: 60 });
    expect(candidates).toHaveLength(4);
    expect(chosen).toHaveProperty('model');
    expect(weeks.map(({ week }: { week: number }) => week)).toEqual([0, 2, 4]);
    expect(Object.keys(weeks[1])).toEqual([
      'week',
      'enrolments',
      'students',
      'baseRate',
      'auc',
      'aucLow',
      'aucHigh',
      'brier',
      'ece',
      'baselineAuc',
      'aucOverBaseline',
      'moduleAuc',
    ]);
    expect(weeks[1].auc).toBeGreaterThan(0.6);
    expect(weeks[1].moduleAuc).toBe(0.5);
  });

  const put = (name: string, line: string) => (files: Record<string, string[]>) => {
    files[name]![1] = line;
  };
  it.each([
    [
      'a file is missing',
      (files: Record<string, string[]>) => delete files['assessment'],
      'assessment.csv.gz cannot be read.',
    ],
    [
      'a header is another’s',
      (files: Record<string, string[]>) => (files['course'] = ['module,length']),
      'course.csv, line 1: expected a header with the columns code_module',
    ],
    [
      'an outcome is unknown',
      put('student', 'AAA,2013B,0,0,60,Well'),
      'student.csv, line 2, final_result: expected Pass',
    ],
    [
      'a number is none',
      put('student', 'AAA,2013B,0,0,many,Pass'),
      'student.csv, line 2, studied_credits: expected a number.',
    ],
    ['a score is none', put('student_assessment', '0,0,8,FALSE,good'), 'line 2, score: expected a number.'],
    ['an assessment is unknown', put('student_assessment', '9,0,8,FALSE,70'), 'line 2, id_assessment: expected'],
    [
      'a student is registered nowhere',
      put('student_registration', 'AAA,2013B,59,-20,NA'),
      'line 2, id_student: expected',
    ],
    ['a presentation is unknown', put('assessment', 'AAA,2012B,0,CMA,10,100'), 'line 2, code_presentation: expected'],
  ])('says where it is wrong if %s', async (_, change, message) => {
    const files = aSmallOulad();
    change(files);
    expect(await evaluate('oulad', files)).toBe(EXIT_CODE.settings);
    expect(complained.join('\n')).toContain(message);
    expect(said).toEqual([]);
  });

  it.each([
    ['a file is missing', {}, 'epm_activity_log.csv.gz cannot be read.'],
    ['a header is another’s', { epm_activity_log: ['a,b'] }, 'line 1: expected a header with the columns session'],
    [
      'a time is none',
      { epm_activity_log: [logHeader, '1,1,Es,Other,noon,2.10.2014 11:25:34,0,0,0,0,0,84,0'] },
      'epm_activity_log.csv, line 2, start_time: expected a time as d.m.yyyy h:m:s.',
    ],
    [
      'an activity is unknown',
      { epm_activity_log: [logHeader, '1,1,Es,Dance,2.10.2014 11:25:33,2.10.2014 11:25:34,0,0,0,0,0,84,0'] },
      'line 2, activity: expected an activity',
    ],
    [
      'there are too few students',
      { epm_activity_log: [logHeader, '1,1,Es,Other,2.10.2014 11:25:33,2.10.2014 11:25:34,0,0,0,0,0,84,0'] },
      'There are fewer than 5 students.',
    ],
  ])('says where it is wrong if %s (EPM)', async (_, files, message) => {
    expect(await evaluate('epm', files)).toBe(EXIT_CODE.settings);
    expect(complained.join('\n')).toContain(message);
  });
});
