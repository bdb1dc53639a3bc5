import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { SharpPictureReader } from '#libs/imaging';
import {
  nameOnServers,
  OnnxRuntime,
  OpenInferenceRuntime,
  RoutedRuntime,
  ServersFirstRuntime,
  TensorFlowRuntime,
} from '#libs/inference';
import { InferenceRuntime, PictureReader } from '#libs/models';
import { headersOfServers, Metrics, nativeTensorFlow, type Config } from '#libs/platform';
import { ModelWhereabouts } from './model-whereabouts.js';
import { CONFIG, LOGGER } from './tokens.js';

/** What runs models: threads are started, and models loaded, when there is something to run. */
@Module({
  providers: [
    {
      provide: InferenceRuntime,
      useFactory: openRuntime,
      inject: [CONFIG, LOGGER, { token: Metrics, optional: true }],
    },
    { provide: PictureReader, useClass: SharpPictureReader },
  ],
  exports: [InferenceRuntime, PictureReader],
})
export class InferenceModule implements OnApplicationShutdown {
  constructor(@Inject(InferenceRuntime) private readonly runtime: InferenceRuntime) {}

  async onApplicationShutdown(): Promise<void> {
    await this.runtime.close();
  }
}

/** What runs here, with the servers before it where there are any. */
function openRuntime(config: Config, logger: Logger, metrics: Metrics | undefined): InferenceRuntime {
  const here = new RoutedRuntime([new OnnxRuntime(), new TensorFlowRuntime({ nativeFolder: nativeTensorFlow })]);
  const { INFERENCE_SERVERS: urls } = config;
  if (urls.length === 0) return here;
  const whereabouts = new ModelWhereabouts(logger, metrics ?? null);
  const servers = new OpenInferenceRuntime({
    urls,
    headers: headersOfServers(config),
    nameOf: nameOnServers,
    onOtherModel: (server, model, detail) => whereabouts.noteOther(server, model, detail),
  });
  return new ServersFirstRuntime({ servers, here, onAsked: (asked) => whereabouts.note(asked) });
}
