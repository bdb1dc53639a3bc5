import type { LabelledParts, Mark, Polygon } from '#libs/grading';
import type { Rng } from '#libs/kernel';

/** What a made-up learner does wrong with one label. */
export const slips = ['drop', 'swap', 'rename', 'misspell', 'misplace'] as const;
export type Slip = (typeof slips)[number];

/** A label that is written, and what it points at. */
export interface MadeLabel {
  readonly text: string;
  /** In pixels of the template. */
  readonly target: readonly [number, number];
}

export interface MadeWork {
  readonly labels: readonly MadeLabel[];
  readonly slips: readonly Slip[];
}

/** Labels all parts rightly, but for so many slips. */
export function makeWork(specification: LabelledParts, mistakes: number, rng: Rng): MadeWork {
  const { parts } = specification;
  let labels = parts.map(({ label, polygons }, part) => ({
    part,
    text: label,
    target: spotIn(specification, part, polygons, rng),
  }));
  const done: Slip[] = [];
  const untouched = new Set(labels);
  const take = (): (typeof labels)[number] => {
    const left = [...untouched];
    const taken = left[Math.floor(rng() * left.length)]!;
    untouched.delete(taken);
    return taken;
  };
  for (let mistake = 0; mistake < mistakes && untouched.size > 1; mistake++) {
    const slip = slips[Math.floor(rng() * slips.length)]!;
    const label = take();
    done.push(slip);
    switch (slip) {
      case 'drop':
        labels = labels.filter((each) => each !== label);
        break;
      case 'swap': {
        const other = take();
        [label.text, other.text] = [other.text, label.text];
        break;
      }
      case 'rename':
        label.text = otherTermFor(specification, label.part, rng);
        break;
      case 'misspell':
        label.text = misspell(label.text, rng);
        break;
      case 'misplace': {
        const elsewhere = (label.part + 1 + Math.floor(rng() * (parts.length - 1))) % parts.length;
        label.target = spotIn(specification, elsewhere, parts[elsewhere]!.polygons, rng);
        break;
      }
    }
  }
  return { labels: labels.map(({ text, target }) => ({ text, target })), slips: done };
}

/** The same labels as a learner puts them on the picture herself. */
export function marksOf({ labels }: MadeWork): Mark[] {
  return labels.map(({ text, target: [x, y] }, index) => ({
    id: `mark-${index}`,
    label: text,
    shape: { kind: 'point', x, y },
  }));
}

/** Another term that the key knows: what it is taken for, or a part nearby. */
function otherTermFor({ parts, confusable }: LabelledParts, part: number, rng: Rng): string {
  const own = parts[part]!.label;
  const pairs = confusable.map((pair) => (Array.isArray(pair) ? pair : pair.terms));
  const confused = pairs.filter((pair) => pair.includes(own)).map(([a, b]) => (a === own ? b : a));
  const others =
    rng() < 0.7 && confused.length > 0 ? confused : parts.map(({ label }) => label).filter((label) => label !== own);
  return others[Math.floor(rng() * others.length)]!;
}

/** One slip of the pen inside a word: a letter left out, doubled, exchanged with its neighbour, or another one. */
function misspell(text: string, rng: Rng): string {
  const letters = [...text];
  for (;;) {
    const at = 1 + Math.floor(rng() * (letters.length - 2));
    if (letters[at] === ' ' || letters[at + 1] === ' ') continue;
    const changed = [...letters];
    const kind = Math.floor(4 * rng());
    if (kind === 0) changed.splice(at, 1);
    else if (kind === 1) changed.splice(at, 0, letters[at]!);
    else if (kind === 2) changed.splice(at, 2, letters[at + 1]!, letters[at]!);
    else changed[at] = 'aeiouymn'[Math.floor(8 * rng())]!;
    if (changed.join('') !== text) return changed.join('');
  }
}

/** A place well inside a part, and in no part within it; in pixels of the template. */
function spotIn(
  { parts, tolerance, image }: LabelledParts,
  part: number,
  polygons: readonly Polygon[],
  rng: Rng,
): readonly [number, number] {
  const margin = tolerance * Math.hypot(image.width, image.height);
  const inner = parts.flatMap((other, index) => (index === part ? [] : other.polygons));
  let best: { spot: readonly [number, number]; depth: number } | null = null;
  for (let attempt = 0; attempt < 400; attempt++) {
    const polygon = polygons[Math.floor(rng() * polygons.length)]!;
    const spot = [within(polygon, 0, rng), within(polygon, 1, rng)] as const;
    if (!holds(polygon, spot)) continue;
    // Another part's ground: of two regions around a place, the smaller one owns it.
    const covered = inner.some(
      (other) => areaOf(other) < areaOf(polygon) && (holds(other, spot) || depthOf(other, spot) < margin),
    );
    if (covered) continue;
    const depth = depthOf(polygon, spot);
    if (best === null || depth > best.depth) best = { spot, depth };
    if (depth > margin * (1 + rng())) return spot;
  }
  if (best === null) throw new Error(`There is no place in ${parts[part]!.id}.`);
  return best.spot;
}

function within(polygon: Polygon, axis: 0 | 1, rng: Rng): number {
  const along = polygon.map((corner) => corner[axis]);
  const [least, most] = [Math.min(...along), Math.max(...along)];
  return least + rng() * (most - least);
}

export function holds(polygon: Polygon, [x, y]: readonly [number, number]): boolean {
  let inside = false;
  for (let at = 0, before = polygon.length - 1; at < polygon.length; before = at++) {
    const [[ax, ay], [bx, by]] = [polygon[at]!, polygon[before]!];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function areaOf(polygon: Polygon): number {
  return (
    Math.abs(
      polygon.reduce((sum, [x, y], at) => {
        const [u, v] = polygon[(at + 1) % polygon.length]!;
        return sum + x * v - u * y;
      }, 0),
    ) / 2
  );
}

/** Distance to the outline. */
function depthOf(polygon: Polygon, [x, y]: readonly [number, number]): number {
  return Math.min(
    ...polygon.map(([ax, ay], at) => {
      const [bx, by] = polygon[(at + 1) % polygon.length]!;
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(x - ax - along * dx, y - ay - along * dy);
    }),
  );
}
