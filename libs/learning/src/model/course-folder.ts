import { z } from 'zod';
import { activityContentFields } from './activity-content.js';
import { activityHeadFields, practisedSkills } from './activity-head.js';
import { courseFields, skillFields, skillLimits } from './course-fields.js';

const externalId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes');

/** `course.yaml`: what a course is called, in which language, and when a skill counts as mastered. */
export const courseFileSchema = z.strictObject({
  externalId,
  ...courseFields,
  licence: z.string().min(1).max(100),
});

/** `skills.yaml`: the skills in teaching order, each with the skills that must be mastered before it. */
export const skillsFileSchema = z
  .array(
    z.strictObject({
      externalId,
      ...skillFields,
      prerequisites: z.array(externalId).max(skillLimits.prerequisites).default([]),
    }),
  )
  .min(1)
  .max(skillLimits.skills);

/** One file in `activities/`: its head (YAML between `---` lines), and the body in Markdown that follows it. */
export const activityFileSchema = activityContentFields.extend({
  externalId,
  ...activityHeadFields,
  skills: practisedSkills(externalId),
});
