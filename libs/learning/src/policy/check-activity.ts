import { z } from 'zod';
import { fail, type Failure, type FailureIssue } from '#libs/kernel';
import { activityContentSchema, activityKinds, modalities } from '../model/activity-content.js';
import { languageTagSchema } from '../model/language-tag.js';
import type { MarksSpecification, Skill } from '../ports.js';

/** Everything that a teacher says of an activity; `content` is checked by {@link activityContentSchema}. */
export const activityDraftSchema = z.object({
  kind: z.enum(activityKinds),
  modality: z.enum(modalities),
  language: languageTagSchema,
  /** Logits. */
  difficulty: z.number().min(-4).max(4),
  minutes: z.number().min(0.1).max(120),
  skillIds: z
    .array(z.string())
    .min(1)
    .max(6)
    .transform((ids) => [...new Set(ids)]),
  content: activityContentSchema,
});
export type ActivityDraft = z.output<typeof activityDraftSchema>;
/** The same before it was checked. */
export type ActivityDraftInput = Record<keyof ActivityDraft, unknown>;

/** At most this many problems are told at once. */
const toldIssues = 20;

/** Checks a draft against its schema, the skills of its course and the rules of those who mark drawings. */
export function checkActivity(
  draft: ActivityDraftInput,
  skills: readonly Skill[],
  specifications: MarksSpecification,
): ActivityDraft | Failure {
  const { kind, modality, language, difficulty, minutes, skillIds, content } = draft;
  const given = { kind, modality, language, difficulty, minutes, skillIds, content };
  const parsed = activityDraftSchema.safeParse(given);
  if (!parsed.success) {
    return refusal(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const issues = [...skillIssues(parsed.data, skills), ...drawingIssues(parsed.data, specifications)];
  return issues.length > 0 ? refusal(issues) : parsed.data;
}

function skillIssues({ skillIds }: ActivityDraft, skills: readonly Skill[]): FailureIssue[] {
  const known = new Set(skills.map(({ id }) => id));
  return skillIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `skillIds.${index}`, message: `The course has no skill ${id}.` }],
  );
}

function drawingIssues({ kind, content }: ActivityDraft, specifications: MarksSpecification): FailureIssue[] {
  const asksForMarks = content.form.kind === 'marks';
  if (asksForMarks !== (kind === 'visual-assignment')) {
    return [{ path: 'content.form.kind', message: 'A visual assignment asks for marks, and nothing else does.' }];
  }
  if (content.key.kind !== 'marks') return [];
  return specifications.issuesOf(content.key.specification).map(({ path, message }) => ({
    path: ['content.key.specification', path].filter((part) => part !== '').join('.'),
    message,
  }));
}

function refusal(issues: readonly FailureIssue[]): Failure {
  const [first] = issues;
  const place = first?.path ? `${first.path}: ` : '';
  return fail('INVALID_INPUT', `${place}${first?.message ?? 'wrong shape'}`, { issues: issues.slice(0, toldIssues) });
}
