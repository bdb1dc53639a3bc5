import { describe, expect, it } from 'vitest';
import { masteryUpdated, reviewDue } from './events.js';

const place = { learnerId: 'learner', courseId: 'course', sessionId: 'session' };

describe('events of tutoring', () => {
  it('tell a crossing to the learner, and to the teachers by whom', () => {
    const crossing = { skillId: 'skill', mastered: true, probability: 0.9 };
    expect(masteryUpdated(place, crossing)).toEqual([
      { stream: 'learner/learner', type: 'mastery.updated', payload: { courseId: 'course', ...crossing } },
      {
        stream: 'course/course',
        type: 'mastery.updated',
        payload: { courseId: 'course', learnerId: 'learner', ...crossing },
      },
    ]);
  });

  it('name the fifty reviews that are needed most, with their days as they are written', () => {
    const due = Array.from({ length: 70 }, (_, n) => ({
      skillId: `skill-${n}`,
      name: 'A name',
      retrievability: n / 100,
      dueOn: 20_541,
    }));
    const { stream, type, payload } = reviewDue(place, due);
    expect({ stream, type }).toEqual({ stream: 'learner/learner', type: 'review.due' });
    const { courseId, reviews } = payload as { courseId: string; reviews: object[] };
    expect(courseId).toBe('course');
    expect(reviews).toHaveLength(50);
    expect(reviews[7]).toEqual({ skillId: 'skill-7', retrievability: 0.07, dueOn: '2026-03-29' });
  });
});
