import { z } from 'zod';
import { manifestSchema } from '#libs/models';
import { datasetSchema, progressSchema, trainingPlanSchema } from '#libs/training';

/** What is written and read outside of Node, by the training package: name of the file → schema. */
const published = {
  'model-manifest': manifestSchema,
  'training-plan': trainingPlanSchema,
  'training-dataset': datasetSchema,
  'training-progress': progressSchema,
};

/** Where they go: to who reads the documentation, and into the training package, which travels without it. */
const folders = ['docs/schemas', 'training/attune_training/schemas'];

/** The JSON Schemas (draft 2020-12) of what a program in another language writes: path → text. */
export function jsonSchemas(): [string, string][] {
  return Object.entries(published).flatMap(([name, schema]) => {
    const text = `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
    return folders.map((folder): [string, string] => [`${folder}/${name}.schema.json`, text]);
  });
}
