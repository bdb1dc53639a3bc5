import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime, RoutedRuntime, TensorFlowRuntime } from '#libs/inference';
import { InferenceRuntime, PictureReader } from '#libs/models';
import { nativeTensorFlow } from '#libs/platform';

/** What runs models: threads are started, and models loaded, when there is something to run. */
@Module({
  providers: [
    {
      provide: InferenceRuntime,
      useFactory: () =>
        new RoutedRuntime([new OnnxRuntime(), new TensorFlowRuntime({ nativeFolder: nativeTensorFlow })]),
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
