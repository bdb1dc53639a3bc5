import { assertUnreachable, type Rng } from '#libs/kernel';
import { markAnswer, type ActivityContent, type Answer } from '#libs/learning';
import { pick, shuffled } from './chance.js';

/** Chance of a right answer without knowing anything, by the form. */
export function guessChance({ form }: Pick<ActivityContent, 'form'>): number {
  switch (form.kind) {
    case 'choice':
      return 1 / form.options.length;
    case 'choices':
      return 1 / 2 ** form.options.length;
    case 'order':
      return 1 / (form.items.length * (form.items.length - 1));
    case 'number':
    case 'text':
      return 0.01;
    case 'none':
    case 'marks':
    case 'picture':
    case 'strokes':
    case 'file':
      return 0;
    default:
      return assertUnreachable(form);
  }
}

/** An answer that the key takes for right or for wrong, as wanted; the usual mistakes come first. */
export function answerTo(content: ActivityContent, correct: boolean, rng: Rng): Answer {
  if (correct || content.key.kind === 'none') return rightAnswer(content);
  for (let attempt = 0; attempt < 20; attempt++) {
    const answer = wrongAnswer(content, rng);
    const marking = markAnswer(content, answer);
    if (marking.kind === 'marked' && !marking.correct) return answer;
  }
  return rightAnswer(content); // every answer is right
}

function rightAnswer({ key }: ActivityContent): Answer {
  switch (key.kind) {
    case 'none':
    case 'marks':
    case 'picture':
    case 'strokes':
    case 'file':
      return { kind: 'done' };
    case 'choice':
      return { kind: 'choice', option: key.correct };
    case 'choices':
      return { kind: 'choices', options: key.correct };
    case 'number':
      return { kind: 'number', value: key.value };
    case 'text':
      return { kind: 'text', text: key.accepted[0]! };
    case 'order':
      return { kind: 'order', items: key.correct };
    default:
      return assertUnreachable(key);
  }
}

function wrongAnswer({ form, key, misconceptions }: ActivityContent, rng: Rng): Answer {
  const known = misconceptions.length > 0 && rng() < 0.7 ? pick(misconceptions, rng).answer : null;
  switch (form.kind) {
    case 'choice':
      return { kind: 'choice', option: typeof known === 'string' ? known : pick(form.options, rng).id };
    case 'choices':
      if (Array.isArray(known)) return { kind: 'choices', options: known };
      return { kind: 'choices', options: form.options.filter(() => rng() < 0.5).map(({ id }) => id) };
    case 'number': {
      const { value, tolerance } = key.kind === 'number' ? key : { value: 0, tolerance: 0 };
      return { kind: 'number', value: typeof known === 'number' ? known : offBy(value, tolerance, rng) };
    }
    case 'text':
      if (typeof known === 'object' && known !== null && 'text' in known) return { kind: 'text', text: known.text };
      return { kind: 'text', text: pick(['I do not know', 'something else', 'the other one'], rng) };
    case 'order':
      if (Array.isArray(known)) return { kind: 'order', items: known };
      return {
        kind: 'order',
        items: shuffled(
          form.items.map(({ id }) => id),
          rng,
        ),
      };
    case 'none':
    case 'marks':
    case 'picture':
    case 'strokes':
    case 'file':
      return { kind: 'done' };
    default:
      return assertUnreachable(form);
  }
}

/** A slip of a factor of ten, a wrong sign, or another number near by, beyond the tolerance. */
function offBy(value: number, tolerance: number, rng: Rng): number {
  const slips = [value * 10, value / 10, -value, value * 2, value + (tolerance + 1) * (1 + Math.round(rng() * 9))];
  return pick(
    slips.filter((slip) => Math.abs(slip - value) > tolerance),
    rng,
  );
}
