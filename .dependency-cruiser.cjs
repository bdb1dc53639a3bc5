// Who may import what: the table of docs/architecture.md, to which a test holds it. A new library is forbidden everything
// until it has a line here.

/** Each library, and the libraries that it may import. */
const MAY_IMPORT = {
  // Domain: what Attune knows.
  kernel: [],
  identity: ['kernel'],
  learning: ['kernel', 'identity'],
  governance: ['kernel', 'identity', 'learning'],
  models: ['kernel', 'identity', 'learning'],
  training: ['kernel', 'identity', 'learning', 'models'],
  mastery: ['kernel'],
  engagement: ['kernel'],
  grading: ['kernel', 'identity', 'learning', 'models', 'training'],
  recommendation: ['kernel', 'learning', 'mastery', 'engagement'],
  tutoring: ['kernel', 'identity', 'governance', 'learning', 'mastery', 'engagement', 'recommendation'],
  // Edges: what Attune speaks and runs on.
  contracts: ['kernel'],
  client: ['contracts'],
  persistence: [
    'kernel',
    'identity',
    'governance',
    'learning',
    'models',
    'training',
    'engagement',
    'grading',
    'tutoring',
  ],
  security: ['kernel', 'identity'],
  jobs: ['grading', 'models', 'training'],
  storage: ['kernel', 'grading', 'models', 'training'],
  sandbox: [],
  imaging: ['kernel', 'learning', 'models', 'training', 'grading', 'sandbox'],
  inference: ['kernel', 'models', 'sandbox'],
  platform: ['kernel'],
  composition: [
    'kernel',
    'identity',
    'governance',
    'learning',
    'models',
    'training',
    'engagement',
    'grading',
    'tutoring',
    'contracts',
    'persistence',
    'security',
    'jobs',
    'storage',
    'sandbox',
    'imaging',
    'inference',
    'platform',
  ],
};

const domain = [
  'kernel',
  'identity',
  'governance',
  'learning',
  'models',
  'training',
  'mastery',
  'engagement',
  'grading',
  'recommendation',
  'tutoring',
];

const any = (names) => `(${names.join('|')})`;
const npm = (...names) => `(^|/)node_modules/${any(names)}/`;
const TESTS = '\\.test\\.ts$';

/** Packages that only compute: the ones a domain library may use. */
const PURE_PACKAGES = ['zod', 'munkres', 'ts-fsrs', 'pbf', 'csv-parse'];

const libraryRules = Object.entries(MAY_IMPORT).map(([library, allowed]) => ({
  name: `${library}-imports`,
  comment: `libs/${library} may import: ${allowed.join(', ') || 'nothing'}.`,
  severity: 'error',
  from: { path: `^libs/${library}/` },
  to: { path: '^libs/', pathNot: `^libs/${any([library, ...allowed])}/` },
}));

module.exports = {
  forbidden: [
    ...libraryRules,
    {
      name: 'library-has-a-line',
      comment: 'A library that MAY_IMPORT above does not name: say there what it may import.',
      severity: 'error',
      from: { path: '^libs/', pathNot: `^libs/${any(Object.keys(MAY_IMPORT))}/` },
      to: {},
    },
    {
      name: 'library-through-its-face',
      comment:
        'A library is imported as #libs/<name>, which is its index.ts; a path inside it is its own business. One server ' +
        'of its tests is shared with those of the whole.',
      severity: 'error',
      from: { path: '^(libs/[^/]+|apps|tests|bench|prisma)/', pathNot: '^tests/support/inference-server\\.ts$' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^$1/' },
    },
    {
      name: 'nobody-imports-an-app',
      comment: 'An app is where things end. Only tests/support starts the API inside the process of a test.',
      severity: 'error',
      from: { path: '^(apps/[^/]+|libs|tests|bench|prisma)/', pathNot: '^tests/support/' },
      to: { path: '^apps/', pathNot: '^$1/' },
    },
    {
      name: 'domain-is-pure-npm',
      comment: `A domain library uses these packages only: ${PURE_PACKAGES.join(', ')}.`,
      severity: 'error',
      from: { path: `^libs/${any(domain)}/`, pathNot: TESTS },
      to: { path: 'node_modules', pathNot: npm(...PURE_PACKAGES) },
    },
    {
      name: 'domain-is-pure-node',
      comment: 'A domain library touches nothing of the machine: files, network, clock and chance come through ports.',
      severity: 'error',
      from: { path: `^libs/${any(domain)}/`, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contracts-are-schemas',
      comment: 'contracts: kernel and zod.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: TESTS },
      to: { path: 'node_modules', pathNot: npm('zod') },
    },
    {
      name: 'nest-in-its-place',
      comment: 'Nest is for composition, platform and the apps.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/(composition|platform)/' },
      to: { path: npm('@nestjs') },
    },
    {
      name: 'prisma-in-its-place',
      comment: 'Prisma and its generated client are private to persistence.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '^libs/persistence/' },
      to: { path: [npm('@prisma', 'prisma'), '^libs/persistence/src/generated/'] },
    },
    {
      name: 'pg-in-its-place',
      comment:
        'SQL is spoken in persistence and jobs; composition hands a pool to the PostgreSQL adapter of Socket.IO.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '^libs/(persistence|jobs|composition)/' },
      to: { path: npm('pg') },
    },
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one thing, or lack a third.',
      severity: 'error',
      from: { path: '^(libs|apps)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-what-ships',
      comment: 'What runs in production is a dependency, not a devDependency.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'declared',
      comment: 'A package that package.json does not name is there by chance, and gone with the next update.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolves',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^libs/persistence/src/generated/'] },
    exclude: { path: ['^dist/', '^coverage/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['development', 'import', 'node', 'default', 'require'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
