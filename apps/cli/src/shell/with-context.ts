import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule, SilentRealtimeModule } from '#libs/composition';
import { makeLogger, NestLogger, parseConfig } from '#libs/platform';
import { parseServeSettings } from '../serve/serve-settings.js';

@Module({})
class CommandModule {}

/** A module of the house, put together for one command: on a database, with the files beside it, and nobody to tell of anything. */
export async function withContext<T>(
  ownerUrl: string,
  module: Type,
  work: (context: INestApplicationContext, dataFolder: string) => Promise<T>,
): Promise<T> {
  const { dataFolder } = parseServeSettings(process.env, { demo: false });
  const config = parseConfig({
    DATABASE_APP_URL: ownerUrl,
    ATTUNE_SECRET: 'nothing is signed or sealed by this command',
    ATTUNE_DATA_DIR: dataFolder,
    DATABASE_POOL_SIZE: '4',
  });
  const logger = makeLogger('warn', 'command');
  const imports = [CoreModule.forRoot(config, logger), SilentRealtimeModule, module];
  const context = await NestFactory.createApplicationContext(
    { module: CommandModule, imports },
    { logger: new NestLogger(logger), abortOnError: false },
  );
  try {
    return await work(context, dataFolder);
  } finally {
    await context.close();
  }
}
