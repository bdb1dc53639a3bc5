/** What a feature speaks of; an explanation sums the features of a group into one signed term. */
export type FeatureGroup = 'level' | 'difficulty' | 'practice' | 'recent' | 'time' | 'other skills' | 'other items';

/** Templates of features: name, group, and L2 penalty of their weights. A model names its features by number. */
const templateList = [
  ['bias', 'level', 1],
  ['skill', 'difficulty', 1],
  ['item', 'difficulty', 2.5],
  ['skill attempts', 'practice', 2],
  ['skill right', 'practice', 2],
  ['all attempts', 'level', 1],
  ['all right', 'level', 1],
  ['item attempts', 'recent', 1],
  ['item right', 'recent', 1],
  ['mean right', 'practice', 1],
  ['mean wrong', 'practice', 1],
  ['accuracy', 'level', 1],
  ['average 3', 'recent', 1],
  ['average 10', 'recent', 1],
  ['average 30', 'level', 1],
  ['residual 10', 'recent', 1],
  ['residual 30', 'level', 1],
  ['item difficulty', 'difficulty', 1],
  ['skills difficulty', 'difficulty', 1],
  ['difficulty gap', 'difficulty', 1],
  ['skill residual', 'practice', 1],
  ['skill average', 'practice', 1],
  ['skill fast', 'practice', 1],
  ['gap', 'time', 1],
  ['gap × average', 'time', 1],
  ['residual × attempts', 'practice', 1],
  ['average × attempts', 'practice', 1],
  ['pattern', 'practice', 1],
  ['last', 'recent', 1],
  ['same item again', 'recent', 1],
  ['item last', 'recent', 1],
  ['item gap', 'time', 1],
  ['seen', 'practice', 1],
  ['position', 'level', 1],
  ['residual × difficulty', 'difficulty', 1],
  ['pattern × attempts', 'practice', 1],
  ['skill pattern', 'practice', 8],
  ['skill × residual 30', 'level', 8],
  ['skill × average', 'practice', 8],
  ['skill × gap', 'time', 8],
  ['skill × first', 'level', 8],
  ['item × last', 'recent', 8],
  ['first', 'level', 1],
  ['firsts', 'level', 1],
  ['streaks', 'level', 1],
  ['skills met', 'level', 1],
  ['streaks a skill', 'level', 1],
  ['residual 5', 'recent', 1],
  ['run', 'recent', 1],
  ['difficulty bin', 'difficulty', 1],
  ['level bin', 'level', 1],
  ['skill transfer', 'other skills', 6],
  ['item transfer', 'other items', 4],
  ['since last', 'time', 1],
  ['since last, bin', 'time', 1],
  ['since skill', 'time', 1],
  ['since skill × average', 'time', 1],
  ['since skill, bin', 'time', 1],
  ['since item', 'time', 1],
] as const;

export type TemplateName = (typeof templateList)[number][0];

/** Templates with a weight for each skill or item: it moves only when that one comes. */
const ofSomeNames: readonly TemplateName[] = [
  'skill',
  'item',
  'skill attempts',
  'skill right',
  'skill pattern',
  'skill × residual 30',
  'skill × average',
  'skill × gap',
  'skill × first',
  'item × last',
  'skill transfer',
  'item transfer',
];

/** How many values the second argument has, where they are few; 0 where it is any number. */
const seconds: Partial<Record<TemplateName, number>> = {
  last: 2,
  seen: 4,
  'pattern × attempts': 13,
  'skill pattern': 8,
  run: 3,
  'since last, bin': 2,
  'since skill, bin': 2,
  'skill transfer': 0,
  'item transfer': 0,
};

/** Templates by number. */
export const templates: readonly {
  readonly name: TemplateName;
  readonly group: FeatureGroup;
  readonly penalty: number;
  /** Whether there is a weight for each skill or item. */
  readonly ofSome: boolean;
  /** How many values the second argument has; 0 where it is any number. */
  readonly seconds: number;
}[] = templateList.map(([name, group, penalty]) => ({
  name,
  group,
  penalty,
  ofSome: ofSomeNames.includes(name),
  seconds: seconds[name] ?? 1,
}));

/** Templates by name. */
export const T = Object.fromEntries(templateList.map(([name], number) => [name, number])) as Record<
  TemplateName,
  number
>;

/** Number of a template. */
export function templateOf(name: TemplateName): number {
  return T[name];
}
