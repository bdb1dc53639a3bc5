import 'reflect-metadata';
import { describeApi } from './operation/describe-api.js';

// Prints what the API offers, as JSON; `attune docs` writes the references from it.
process.stdout.write(JSON.stringify(await describeApi()));
