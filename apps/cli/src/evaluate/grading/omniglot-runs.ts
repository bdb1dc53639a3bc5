import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Drawing } from '#libs/grading';
import { seededRng } from '#libs/kernel';
import { DatasetError } from '../datasets.js';

/** A task of twenty characters: one example of each, and one drawing each by another hand that has to be told. */
export interface OneShotRun {
  readonly name: string;
  /** Files of the examples. */
  readonly examples: readonly string[];
  readonly items: readonly { readonly file: string; readonly answer: string }[];
}

/** Tasks drawn from one alphabet, where there are no official ones. */
const tasksPerAlphabet = 8;
const classes = 20;

/**
 * One-shot tasks of Omniglot (B. M. Lake, R. Salakhutdinov & J. B. Tenenbaum, 2015). A folder of the official runs (`run01/class_labels.txt` and
 * so on), or of alphabets (`Balinese/character01/0108_01.png`, or `.txt` of strokes), from which tasks are drawn in the same way: twenty
 * characters of one alphabet, two drawers.
 */
export async function readOneShotRuns(folder: string, seed: string): Promise<OneShotRun[]> {
  const names = await list(folder);
  if (names.includes('class_labels.txt')) return [await officialRun(folder)];
  const inside = (
    await Promise.all(names.map(async (name) => ({ name, names: await list(join(folder, name)) })))
  ).filter((each) => each.names.length > 0);
  const official = inside.filter((each) => each.names.includes('class_labels.txt'));
  if (official.length > 0) return Promise.all(official.map(({ name }) => officialRun(join(folder, name))));
  const runs = await Promise.all(inside.map(({ name }) => drawnRuns(join(folder, name), seed)));
  if (runs.flat().length > 0) return runs.flat();
  throw new DatasetError(`${folder} has neither runs (run01/class_labels.txt) nor alphabets (name/character01/…).`);
}

async function officialRun(folder: string): Promise<OneShotRun> {
  const text = await readFile(join(folder, 'class_labels.txt'), 'utf8');
  const rows = text.split('\n').filter((line) => line.trim() !== '');
  const fileOf = (path: string): string => join(dirname(folder), path);
  const items = rows.map((row, index) => {
    const [file, answer] = row.trim().split(/\s+/);
    if (file === undefined || answer === undefined) {
      throw new DatasetError(`${join(folder, 'class_labels.txt')}, line ${index + 1}: two file names are expected.`);
    }
    return { file: fileOf(file), answer: fileOf(answer) };
  });
  return { name: basename(folder), examples: [...new Set(items.map(({ answer }) => answer))].sort(), items };
}

async function drawnRuns(alphabet: string, seed: string): Promise<OneShotRun[]> {
  const characters = (await list(alphabet)).filter((name) => name.startsWith('character'));
  const files = await Promise.all(
    characters.map(async (name) =>
      (await list(join(alphabet, name)))
        .filter((file) => /\.(png|txt)$/.test(file))
        .map((file) => join(alphabet, name, file)),
    ),
  );
  const whole = files.filter(({ length }) => length > 1);
  if (whole.length < classes) return [];
  return Array.from({ length: tasksPerAlphabet }, (_, task) => {
    const rng = seededRng(`${seed}/${basename(alphabet)}/${task}`);
    const chosen = inOrder(whole, rng).slice(0, classes);
    const [one, other] = inOrder(
      Array.from({ length: Math.min(...chosen.map(({ length }) => length)) }, (__, n) => n),
      rng,
    );
    return {
      name: `${basename(alphabet)} ${task + 1}`,
      examples: chosen.map((drawings) => drawings[one!]!),
      items: chosen.map((drawings) => ({ file: drawings[other!]!, answer: drawings[one!]! })),
    };
  });
}

function inOrder<T>(items: readonly T[], rng: () => number): T[] {
  return items
    .map((item) => ({ item, order: rng() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

async function list(folder: string): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? (await readdir(folder)).filter((name) => !name.startsWith('.')).sort() : [];
}

/** Ink of a file: strokes of a text file (`x,y,ms` a line, y upwards, `BREAK` after each), or the dark pixels of a picture. */
export async function readInk(file: string): Promise<{ strokes: Drawing } | { pixels: [number, number][] }> {
  return file.endsWith('.txt') ? { strokes: await readStrokes(file) } : { pixels: await readPixels(file) };
}

async function readStrokes(file: string): Promise<Drawing> {
  const text = await readFile(file, 'utf8').catch(() => missing(file));
  const strokes: [number, number][][] = [[]];
  for (const [index, line] of text.split('\n').entries()) {
    const row = line.trim();
    if (row === '' || row === 'START') continue;
    if (row === 'BREAK') {
      strokes.push([]);
      continue;
    }
    const [x, y] = row.split(',').map(Number);
    if (x === undefined || y === undefined || !Number.isFinite(x + y)) {
      throw new DatasetError(`${file}, line ${index + 1}: x,y,milliseconds is expected.`);
    }
    strokes.at(-1)!.push([x, -y]);
  }
  return strokes.filter(({ length }) => length > 0);
}

async function readPixels(file: string): Promise<[number, number][]> {
  const { data, info } = await sharp(file)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => missing(file));
  const pixels: [number, number][] = [];
  for (let i = 0; i < data.length; i++) if (data[i]! < 128) pixels.push([i % info.width, Math.floor(i / info.width)]);
  return pixels;
}

function missing(file: string): never {
  throw new DatasetError(`${file} cannot be read.`);
}
