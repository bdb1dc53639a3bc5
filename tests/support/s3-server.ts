import S3rver from 's3rver';

/** A real server that speaks S3. It reads signatures of version 4, and does not compute them. */
export interface S3Server {
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  stop(): Promise<void>;
}

/** @param directory where its files lie */
export async function startS3(directory: string): Promise<S3Server> {
  const server = new S3rver({ port: 0, silent: true, directory, configureBuckets: [{ name: 'attune', configs: [] }] });
  const { port } = await server.run();
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    bucket: 'attune',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  };
  return { settings, stop: () => server.close() };
}
