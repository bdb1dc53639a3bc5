/** Words of names under which there is, or may be, what tells who somebody is; in the singular. */
const telling = new Set(
  (
    'embedding descriptor feature tensor age gender sex race ethnicity emotion identity person patch canvas image ' +
    'bitmap picture photo pixel crop mask mesh landmark keypoint annotation contour iris vertex texture blob buffer'
  ).split(' '),
);

/** Such words in names that are not told apart by capitals. */
const tellingAnywhere =
  /embedding|descriptor|tensor|gender|ethnic|landmark|keypoint|annotation|canvas|bitmap|vertices|eyepatch|imagedata/;

/** The longest list that is kept: the blendshapes. What is longer is a descriptor, or a mesh, under another name. */
const longestList = 52;

/** From so many points on, a list of them is the landmarks of something. */
const fewestLandmarks = 5;

/** The longest text that is kept: names of categories, no encoded picture. */
const longestText = 64;

/** How deep a result goes. */
const deepest = 16;

/**
 * A raw result of a face library without what could tell who is seen: embeddings, descriptors, age, gender, race,
 * emotion, tensors, canvases, pictures, eye patches, meshes and landmarks, at any depth, by name and by nature. What is
 * left is a copy of plain objects, lists, numbers, short texts, true, false and null; instances of classes, bytes, long
 * lists, lists of points, long texts, functions and what refers back to itself are gone. Nothing of it is an
 * alternative to a sample.
 */
export function stripIdentity(value: unknown): unknown {
  const kept = keep(value, new Set());
  return kept === gone ? null : kept;
}

const gone = Symbol('gone');

function keep(value: unknown, within: ReadonlySet<unknown>): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return value.length > longestText ? gone : value;
  if (typeof value !== 'object' || within.has(value) || within.size >= deepest) return gone;
  const inside = new Set(within).add(value);
  if (Array.isArray(value)) {
    if (value.length > longestList || value.filter(isPoint).length >= fewestLandmarks) return gone;
    return value.map((each) => keep(each, inside)).filter((each) => each !== gone);
  }
  if (!isPlain(value)) return gone;
  const kept = Object.entries(value).map(
    ([name, each]) => [name, isTelling(name) ? gone : keep(each, inside)] as const,
  );
  return Object.fromEntries(kept.filter(([, each]) => each !== gone));
}

/** [x, y], [x, y, z], or an object with x and y. */
function isPoint(value: unknown): boolean {
  if (Array.isArray(value))
    return (value.length === 2 || value.length === 3) && value.every((each) => typeof each === 'number');
  return typeof value === 'object' && value !== null && 'x' in value && 'y' in value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isTelling(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return (
    tellingAnywhere.test(name.toLowerCase()) ||
    words.some(
      (word) => telling.has(word) || telling.has(word.replace(/s$/, '')) || telling.has(word.replace(/es$/, '')),
    )
  );
}
