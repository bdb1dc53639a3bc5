import { refuseInput } from '#libs/kernel';
import type { WorkKind } from '../kind.js';
import { classifySchema, type Classify } from './classify.js';
import { criterionId, criterionOf } from './grade-classification.js';

/** A picture that has to show one thing of several. */
export const classify: WorkKind<Classify> = {
  schema: classifySchema,
  answeredBy: 'picture',
  readWork(_, { marks, hasPicture }) {
    const issues = [
      ...(hasPicture ? [] : [{ path: 'fileId', message: 'hand in a picture: upload one, and give its id here' }]),
      ...(marks.length === 0 ? [] : [{ path: 'marks', message: 'must be empty: nothing is labelled here' }]),
    ];
    return issues.length === 0 ? [] : refuseInput(issues);
  },
  blank: (specification) => [criterionOf(specification, null, [])],
  hintsFor: ({ hints }, id) => (id === criterionId ? hints : null),
};
