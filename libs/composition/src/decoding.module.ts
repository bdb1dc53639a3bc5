import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ProcessDecoder, ProcessPictureCleaner } from '#libs/imaging';
import { PictureCleaner } from '#libs/learning';
import { adapt } from './use-case.js';

/** What decodes files of strangers, in processes of its own that are started when there is something to decode. */
@Module({
  providers: [
    { provide: ProcessDecoder, useFactory: () => new ProcessDecoder() },
    adapt(PictureCleaner, ProcessPictureCleaner, ProcessDecoder),
  ],
  exports: [ProcessDecoder, PictureCleaner],
})
export class DecodingModule implements OnApplicationShutdown {
  constructor(private readonly decoder: ProcessDecoder) {}

  onApplicationShutdown(): void {
    this.decoder.close();
  }
}
