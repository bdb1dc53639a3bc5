import type { z } from 'zod';
import type { DeepReadonly, DescribedEvents, learnEvents, teachEvents } from '#libs/contracts';
import type { CourseGradingEvents, LearnerGradingEvents } from '#libs/grading';
import type { CourseModelEvents } from '#libs/models';
import type { CourseTrainingEvents } from '#libs/training';
import type { CourseTutoringEvents, TutoringEvents } from '#libs/tutoring';

/** What the wire states, without the number and the time that an event gets when it is stored. */
type OnTheWire<Events extends DescribedEvents> = {
  readonly [E in keyof Events]: DeepReadonly<Omit<z.input<Events[E]['payload']>, 'sequence' | 'at'>>;
};

/** The names of the events that nobody makes, that the wire does not state, or that have another shape there. */
type Difference<Made, Stated> = {
  [E in keyof Made | keyof Stated]: E extends keyof Made & keyof Stated
    ? [Made[E], Exclude<keyof Made[E], keyof Stated[E]>] extends [Stated[E], never]
      ? never
      : E
    : E;
}[keyof Made | keyof Stated];

type None<Names extends never> = Names;

/**
 * The domains state the events that they make, and the contracts what travels; neither may import the other. Here an
 * event that differs between the two does not compile.
 */
export type LearnEventsFit = None<Difference<TutoringEvents & LearnerGradingEvents, OnTheWire<typeof learnEvents>>>;
export type TeachEventsFit = None<
  Difference<
    CourseGradingEvents & CourseModelEvents & CourseTrainingEvents & CourseTutoringEvents,
    OnTheWire<typeof teachEvents>
  >
>;
