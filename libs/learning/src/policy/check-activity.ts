import { z } from 'zod';
import { issuesOf, refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import { activityContentSchema, isWork } from '../model/activity-content.js';
import { activityHeadFields, practisedSkills } from '../model/activity-head.js';
import { isPictureOfCourse, pictureName } from '../model/picture-name.js';
import type { WorkSpecification } from '../ports.js';

/** Everything that a teacher says of an activity; `content` is checked by {@link activityContentSchema}. */
const activityDraftSchema = z.object({
  ...activityHeadFields,
  skillIds: practisedSkills(z.string()),
  content: activityContentSchema,
});
export type ActivityDraft = z.output<typeof activityDraftSchema>;
/** The same before it was checked. */
export type ActivityDraftInput = Record<keyof ActivityDraft, unknown>;

/** What an activity may name: skills by id, and pictures by their names. */
export interface ActivitySurroundings {
  readonly skillIds: ReadonlySet<string>;
  readonly pictures: ReadonlySet<string>;
}

/** Checks a draft against its schema, what its course has, and the rules of those who grade work. */
export function checkActivity(
  draft: ActivityDraftInput,
  surroundings: ActivitySurroundings,
  specifications: WorkSpecification,
): ActivityDraft | Failure {
  const checked = readActivity(draft, surroundings, specifications);
  return Array.isArray(checked) ? refuseInput(checked) : (checked as ActivityDraft);
}

/** The same with all that is wrong with it. */
export function readActivity(
  draft: ActivityDraftInput,
  surroundings: ActivitySurroundings,
  specifications: WorkSpecification,
): ActivityDraft | FailureIssue[] {
  const { kind, modality, language, difficulty, minutes, skillIds, content } = draft;
  const parsed = activityDraftSchema.safeParse({ kind, modality, language, difficulty, minutes, skillIds, content });
  if (!parsed.success) return issuesOf(parsed.error);
  const issues = [
    ...skillIssues(parsed.data, surroundings),
    ...workIssues(parsed.data, specifications),
    ...pictureIssues(parsed.data, surroundings),
    ...captionIssues(parsed.data),
  ];
  return issues.length > 0 ? issues : parsed.data;
}

function skillIssues({ skillIds }: ActivityDraft, known: ActivitySurroundings): FailureIssue[] {
  return skillIds.flatMap((id, index) =>
    known.skillIds.has(id) ? [] : [{ path: `skillIds.${index}`, message: `The course has no skill ${id}.` }],
  );
}

/** Pictures have to be there; films and sounds are linked. */
function pictureIssues({ content }: ActivityDraft, { pictures }: ActivitySurroundings): FailureIssue[] {
  const issues: FailureIssue[] = [];
  const check = (path: string, src: string, mayLink: boolean): void => {
    if (isPictureOfCourse(src)) {
      if (!pictures.has(pictureName(src))) issues.push({ path, message: `The course has no picture ${src}.` });
    } else if (!mayLink || !isLink(src)) {
      const message = `"${src}" is not a picture of the course, such as media/cell.png`;
      issues.push({ path, message: mayLink ? `${message}, nor an https link.` : `${message}.` });
    }
  };
  content.media.forEach(({ src }, index) => check(`content.media.${index}.src`, src, true));
  const { form } = content;
  if ((form.kind === 'marks' || form.kind === 'strokes') && form.image !== undefined) {
    check('content.form.image', form.image, false);
  }
  return issues;
}

function isLink(src: string): boolean {
  return URL.canParse(src) && new URL(src).protocol === 'https:';
}

/** Who cannot hear or see a film needs its words. */
function captionIssues({ kind, modality, content }: ActivityDraft): FailureIssue[] {
  if (kind !== 'video' && modality !== 'video' && modality !== 'audio') return [];
  if (content.media.some(({ captions, transcript }) => captions !== undefined || transcript !== undefined)) return [];
  return [{ path: 'content.media', message: 'A film or a sound needs captions or a transcript.' }];
}

function workIssues({ kind, content }: ActivityDraft, specifications: WorkSpecification): FailureIssue[] {
  const { form, key } = content;
  if (isWork(form) !== (kind === 'visual-assignment')) {
    return [
      {
        path: 'content.form.kind',
        message: 'A visual assignment asks for marks, strokes, a picture or a file, and nothing else does.',
      },
    ];
  }
  if (!isWork(key) || !isWork(form)) return [];
  return specifications.issuesOf(form, key.specification).map(({ path, message }) => ({
    path: ['content.key.specification', path].filter((part) => part !== '').join('.'),
    message,
  }));
}
