import type { MasteryState } from '../model/mastery-state.js';
import type { StudentModel } from '../model/student-model.js';
import { eloModel } from './elo.js';

/** The model that a state belongs to: the course's own, or Elo for a learner who is still followed by it. */
export function modelOf(state: MasteryState, ofCourse: StudentModel): StudentModel {
  return state.version === 1 ? eloModel : ofCourse;
}
