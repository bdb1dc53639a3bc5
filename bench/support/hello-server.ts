import fastify from 'fastify';
import mercurius from 'mercurius';

/** The least that Mercurius can do: one field that says hello. What everything else is measured beside. */
const server = fastify();
await server.register(mercurius, {
  schema: 'type Query { hello: String! }',
  resolvers: { Query: { hello: () => 'hello' } },
  jit: 1,
});
await server.listen({ port: 0, host: '127.0.0.1' });
const address = server.server.address();
process.send!({ kind: 'ready', url: `http://127.0.0.1:${typeof address === 'object' ? address!.port : 0}` });
process.on('disconnect', () => process.exit(0));
