import 'reflect-metadata';
import { makeLogger, parseConfig, runProcess } from '#libs/platform';
import { startApi } from './create-api.js';

await runProcess(async () => {
  const config = parseConfig(process.env);
  return startApi(config, makeLogger(config.LOG_LEVEL, 'api'));
});
