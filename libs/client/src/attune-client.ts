import { Manager } from 'socket.io-client';
import { AttuneSocket, type SocketSurroundings } from './attune-socket.js';
import { AttuneFailure } from './attune-failure.js';
import { FileTransport } from './files.js';
import { GraphqlTransport } from './graphql-transport.js';
import { exchangeApiKey, renewTokens, signIn, signOut } from './operations/identity.graphql.js';
import type { Operation } from './operations/operation.js';
import { TokenKeeper, type TokenPair } from './token-keeper.js';

export interface AttuneClientOptions {
  /** Where Attune is, such as https://attune.example; without a slash at the end. */
  readonly url: string;
  /** Told of each new pair of tokens, to keep it for `resume`, and of null when the sign-in has ended. */
  readonly onTokens?: (pair: TokenPair | null) => void;
  /** Told of what goes wrong where nobody waits. Default: the console. */
  readonly onProblem?: (problem: Error) => void;
  /** After this long without an answer a request is sent again, in milliseconds. Default: 10,000. */
  readonly attemptMs?: number;
  /** After this long a caller is told that there is no answer, in milliseconds. Default: 120,000. */
  readonly patienceMs?: number;
  /** Default: WebSocket only, which needs no sticky proxy. */
  readonly transports?: readonly ('websocket' | 'polling')[];
}

/** One user's way to Attune: GraphQL and sockets under one sign-in that renews itself. */
export class AttuneClient {
  private readonly tokens: TokenKeeper;
  private readonly transport: GraphqlTransport;
  /** Pictures, up and down. */
  readonly files: FileTransport;
  private sockets: { close(): void }[] = [];

  constructor(private readonly options: AttuneClientOptions) {
    this.tokens = new TokenKeeper(options.onTokens);
    const { url, attemptMs = 10_000 } = options;
    this.transport = new GraphqlTransport(`${url}/graphql`, attemptMs);
    this.files = new FileTransport(url, this.tokens, attemptMs * 3);
  }

  get isSignedIn(): boolean {
    return this.tokens.isSignedIn;
  }

  /** Signs a person in. */
  async signIn(input: { institution: string; email: string; password: string }): Promise<void> {
    this.resume((await this.transport.send(signIn, { input }, null)).signIn);
  }

  /** Takes up a sign-in whose tokens `onTokens` gave in an earlier run. */
  resume(pair: TokenPair): void {
    this.tokens.begin(pair, async ({ refreshToken }) => {
      if (refreshToken === null) throw new AttuneFailure('UNAUTHENTICATED', 'This sign-in cannot be renewed.');
      return (await this.transport.send(renewTokens, { refreshToken }, null)).renewTokens;
    });
  }

  /** Signs a service in; its key is exchanged again whenever the token ends. */
  async exchangeApiKey(apiKey: string): Promise<void> {
    const exchange = async (): Promise<TokenPair> =>
      (await this.transport.send(exchangeApiKey, { apiKey }, null)).exchangeApiKey;
    this.tokens.begin(await exchange(), exchange);
  }

  /** Ends the sign-in here and on the server, or on all devices. */
  async signOut({ everywhere = false } = {}): Promise<void> {
    await this.graphql(signOut, { everywhere });
    this.close();
    this.tokens.end();
  }

  /** A valid access token, for requests that this client does not make itself. */
  accessToken(): Promise<string> {
    return this.tokens.accessToken();
  }

  /** Runs an operation and gives its data; errors and refusals are thrown as AttuneFailure. */
  async graphql<Data, Variables>(
    operation: Operation<Data, Variables>,
    ...[variables]: Record<string, never> extends Variables ? [] : [variables: Variables]
  ): Promise<Data> {
    const given = (variables ?? {}) as Variables;
    const token = await this.tokens.accessToken();
    try {
      return await this.transport.send(operation, given, token);
    } catch (error) {
      if (!(error instanceof AttuneFailure) || error.code !== 'UNAUTHENTICATED') throw error;
      return this.transport.send(operation, given, await this.tokens.renew());
    }
  }

  /** The learner's socket. It follows the learner's own stream. */
  learn({ after = null }: { after?: number | null } = {}): AttuneSocket<'/learn'> {
    const socket = new AttuneSocket('/learn', this.surroundings());
    socket.follow({ after }).catch(() => undefined); // fails only where the socket itself is closed
    this.sockets.push(socket);
    return socket;
  }

  /** A teacher's socket. It hears of the courses that it follows. */
  teach(): AttuneSocket<'/teach'> {
    const socket = new AttuneSocket('/teach', this.surroundings());
    this.sockets.push(socket);
    return socket;
  }

  /** Closes the sockets; the sign-in stays. */
  close(): void {
    for (const socket of this.sockets) socket.close();
    this.sockets = [];
  }

  private surroundings(): SocketSurroundings {
    const { url, attemptMs = 10_000, patienceMs = 120_000, transports = ['websocket'] } = this.options;
    // A connection of its own for each socket: a manager would give out a closed socket a second time.
    const manager = new Manager(url, {
      autoConnect: false,
      transports: [...transports],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      randomizationFactor: 0.5,
    });
    const onProblem = this.options.onProblem ?? ((problem: Error) => console.error(problem));
    return { manager, tokens: this.tokens, attemptMs, patienceMs, onProblem };
  }
}
