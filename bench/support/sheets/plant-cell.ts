import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { labelledPartsSchema, type LabelledParts } from '#libs/grading';

/** The labelled picture of the demo course: what is asked for, and the picture that is printed. */
export interface PlantCell {
  readonly specification: LabelledParts;
  readonly template: Uint8Array;
}

/** @param course the folder of the demo course */
export async function readPlantCell(course: string): Promise<PlantCell> {
  const activity = await readFile(join(course, 'activities/organelles/label-plant-cell.md'), 'utf8');
  const { key } = parse(activity.split('---')[1]!) as { key: { specification: unknown } };
  const template = new Uint8Array(await readFile(join(course, 'media/plant-cell-template.png')));
  return { specification: labelledPartsSchema.parse(key.specification), template };
}
