import 'reflect-metadata';
import { makeLogger, parseConfig, runProcess } from '#libs/platform';
import { startWorker } from './start-worker.js';

await runProcess(async () => {
  const config = parseConfig(process.env);
  return startWorker(config, makeLogger(config.LOG_LEVEL, 'worker'));
});
