import { connect, createServer, type AddressInfo, type Server } from 'node:net';

/** A line between a client and a server that can be cut in the middle of an upload. */
export class Relay {
  /** Bytes of each upload that came through, with its header. */
  readonly uploads: number[] = [];
  private cut: { readonly after: number; readonly done: () => void } | null = null;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param target URL of the server */
  static async open(target: string): Promise<Relay> {
    const { hostname, port } = new URL(target);
    let relay: Relay | null = null;
    const server = createServer((client) => {
      const beyond = connect(Number(port), hostname);
      let upload: number | null = null;
      client.on('data', (bytes) => {
        if (bytes.subarray(0, 6).toString() === 'PATCH ') upload = relay!.uploads.push(0) - 1;
        const passed = upload === null ? bytes : relay!.pass(upload, bytes);
        beyond.write(passed);
        if (passed.length < bytes.length) {
          client.destroy();
          beyond.end();
        }
      });
      client.on('close', () => beyond.end());
      beyond.on('close', () => client.end());
      beyond.pipe(client);
      for (const socket of [client, beyond]) socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    relay = new Relay(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return relay;
  }

  /** Cuts the next upload after so many bytes, once; resolves then. */
  cutUploadAfter(bytes: number): Promise<void> {
    return new Promise((done) => (this.cut = { after: bytes, done }));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** What of these bytes of an upload goes through. */
  private pass(upload: number, bytes: Buffer): Buffer {
    const before = this.uploads[upload]!;
    const rest = this.cut === null ? bytes.length : Math.max(0, this.cut.after - before);
    const passed = bytes.subarray(0, rest);
    this.uploads[upload] = before + passed.length;
    if (passed.length < bytes.length) {
      this.cut?.done();
      this.cut = null;
    }
    return passed;
  }
}
