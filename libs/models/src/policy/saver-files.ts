import { saverOperators } from './allowed-operators.js';
import type { GraphFunction, GraphNode, MetaGraph } from './saved-model-graph.js';

/** Which inputs of an operator are paths. */
const pathInputs: Readonly<Record<string, readonly number[]>> = {
  MergeV2Checkpoints: [0, 1],
  RestoreV2: [0],
  SaveV2: [0],
};

/** How many steps lie between a path and where it comes from at most; in what TensorFlow writes, four. */
const deepest = 16;

/**
 * Finds what opens a file of its own choice. The saver of a SavedModel is two functions, called from the graph once each with the
 * placeholder that is given the path of the variables when the model is loaded. So an operator on files has to stand in a
 * function; its path has to be an argument of this function, or begin with it and go on with a text that leads nowhere else;
 * and whatever calls the function has to stand in the graph and hand that placeholder over.
 * @returns operator and node, or the call, in words; null where there is none
 */
export function misplacedFileOperator({ nodes, functions, filename }: MetaGraph): string | null {
  const inGraph = nodes.find(({ op }) => saverOperators.has(op));
  if (inGraph !== undefined) return told(inGraph);
  const placeholder = nodes.find(({ name, op }) => op === 'Placeholder' && filename === `${name}:0`);
  for (const each of functions) {
    const paths = new Set<number>();
    for (const node of each.nodes.filter(({ op }) => saverOperators.has(op))) {
      const from = pathInputs[node.op]!.flatMap((at) => originsOf(node.inputs[at], each, deepest) ?? [-1]);
      if (from.includes(-1) || each.hasLists) return told(node);
      for (const at of from) paths.add(at);
    }
    if (paths.size === 0) continue;
    const isCall = ({ op, calls }: GraphNode): boolean => op === each.name || calls.includes(each.name);
    const inside = functions.flatMap((other) => other.nodes).find(isCall);
    if (inside !== undefined) return told(inside);
    const wrong = nodes.find(
      (node) => isCall(node) && [...paths].some((at) => nodeOf(node.inputs[at]) !== (placeholder?.name ?? null)),
    );
    if (wrong !== undefined) return told(wrong);
  }
  return null;
}

const told = ({ op, name }: GraphNode): string => `${op} ${name}`;

/** The node that an input comes from; null of control inputs and of what is not there. */
function nodeOf(input: string | undefined): string | null {
  return input === undefined || input.startsWith('^') ? null : input.split(':')[0]!;
}

/** The arguments of the function that a path begins with, by their places; null where it may be another path. */
function originsOf(input: string | undefined, inside: GraphFunction, steps: number): readonly number[] | null {
  const name = nodeOf(input);
  if (name === null || steps === 0) return null;
  const node = inside.nodes.find((each) => each.name === name);
  const at = inside.arguments.indexOf(name);
  if (node === undefined) return at === -1 ? null : [at];
  // A node that is called as an argument: nobody can tell which is meant.
  if (at !== -1) return null;
  const [first, ...more] = node.inputs.filter((each) => !each.startsWith('^'));
  switch (node.op) {
    case 'Identity':
    case 'ShardedFilename':
      return originsOf(first, inside, steps - 1);
    case 'StringJoin': {
      const isPlain = node.texts.every(isHarmless) && more.every((part) => isSuffix(part, inside, steps - 1));
      return isPlain ? originsOf(first, inside, steps - 1) : null;
    }
    case 'Pack': {
      const all = [first, ...more].map((part) => originsOf(part, inside, steps - 1));
      return all.includes(null) ? null : all.flatMap((part) => part ?? []);
    }
    default:
      return null;
  }
}

/** Whether a text is a constant, or one of two, that leads to no other folder than the path before it. */
function isSuffix(input: string, inside: GraphFunction, steps: number): boolean {
  const node = inside.nodes.find((each) => each.name === nodeOf(input));
  if (node === undefined || steps === 0) return false;
  if (node.op === 'Const') return !node.isPacked && node.texts.every(isHarmless);
  if (node.op !== 'Select' && node.op !== 'SelectV2') return false;
  return node.inputs.slice(1, 3).every((each) => isSuffix(each, inside, steps - 1));
}

/** Put one after the other, such texts never hold two dots in a row. */
const isHarmless = (text: string): boolean => !text.includes('..') && !text.endsWith('.');
