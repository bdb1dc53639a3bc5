import fastifyStatic from '@fastify/static';
import { getDistDirectory, isSandboxFrame, renderAltair, SANDBOX_FRAME_CSP } from 'altair-static';
import type { FastifyInstance } from 'fastify';

const folder = '/playground/';

/** The page loads nothing from elsewhere and asks nobody but this server. */
const contentPolicy =
  "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'none'; form-action 'none'";

const starterQuery = `# Run SignIn first: its token is kept and sent with everything after it.
mutation SignIn {
  signIn(input: { institution: "demo", email: "ada@demo.school", password: "see the start screen" }) {
    __typename
    ... on Tokens { accessToken expiresAt }
    ... on Refusal { code message }
  }
}

query WhoAmI {
  viewer { name email roles }
}
`;

const keepToken = `
const body = typeof altair.response.body === 'string' ? JSON.parse(altair.response.body) : altair.response.body;
const token = body?.data?.signIn?.accessToken;
if (token) altair.helpers.setEnvironment('token', token, true);
`;

/** Serves Altair, a GraphQL client in the browser, from the package that is installed: it works without a network. */
export async function installPlayground(fastify: FastifyInstance): Promise<void> {
  const page = renderAltair({
    baseURL: folder,
    endpointURL: '/graphql',
    initialName: 'Attune',
    initialQuery: starterQuery,
    initialHeaders: { Authorization: 'Bearer {{token}}' },
    initialEnvironments: { base: { title: 'Attune', variables: { token: '' } } },
    initialPostRequestScript: keepToken,
    initialSettings: { 'alert.disableUpdateNotification': true, 'banners.disable': true },
    disableAccount: true,
  });
  fastify.get('/playground', (_request, reply) => reply.redirect(folder, 302));
  fastify.get(folder, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', contentPolicy).send(page),
  );
  await fastify.register(fastifyStatic, {
    root: getDistDirectory(),
    prefix: folder,
    index: false,
    decorateReply: false,
    allowedPath: (path) => /\.\w+$/.test(path), // a folder is not there, rather than forbidden
    setHeaders: (response, path) => {
      if (isSandboxFrame(path)) response.header('content-security-policy', SANDBOX_FRAME_CSP);
      // The frame in which scripts run has an origin of its own.
      if (path.includes('iframe-sandbox')) response.header('access-control-allow-origin', '*');
    },
  });
}
