/** @file The import table of the architecture as rules; read by build/scripts/architecture.ts, touches nothing. */

// Everything not written here is forbidden: each layer names what it may reach, and one rule per layer refuses the rest.
const SCHEMA = '^node_modules/zod/'
const SHARED = '^shared/'
const CORE = '^main/core/'

// Libraries a window may bundle. Adding one is a decision about bundle size and trust, so it is made here.
const WORDING = '^node_modules/i18next/'
const RENDERER_LIBRARIES = '^node_modules/(react|react-dom|scheduler|zod|uqr|i18next)/'

// A library that talks to the outside belongs to one adapter, so that replacing it touches one folder.
const OWNED_LIBRARIES = {
  'better-sqlite3': 'sqlite',
  '@supabase/': 'supabase',
  openai: 'openai',
  'node-record-lpcm16': 'recorder',
  ws: '(ws|http|supabase)',
  hono: 'http',
  '@hono/': 'http',
  pino: 'log',
  'prom-client': 'metrics',
}

/** Refuses every import from `from` except those matching one of `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from,
  to: { pathNot: allowed },
})

// dependency-cruiser names Node's own modules without the node: prefix, and marks them as core.
const noNode = (name, from) => ({
  name,
  comment: 'This layer runs without Node: take what you need through a port or the contract',
  severity: 'error',
  from,
  to: { dependencyTypes: ['core'] },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would escape every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },

    only(
      'domain',
      { path: '^shared/domain/' },
      ['^shared/domain/', SCHEMA],
      'Domain: itself and the schema library',
    ),
    only(
      'shared',
      { path: SHARED, pathNot: '^shared/(domain|words)/' },
      ['^shared/(?!words/)', SCHEMA],
      'Contract, client and config: shared without its words, and the schema library',
    ),
    only(
      'words',
      { path: '^shared/words/' },
      ['^shared/(words|domain)/', WORDING],
      'Words: themselves, the domain and the i18n library',
    ),
    {
      name: 'words-at-the-edge',
      comment: 'Core and adapters hold codes; screens and hosts word them',
      severity: 'error',
      from: { path: '^(main/(core|adapters|lib)|preload)/' },
      to: { path: ['^shared/words/', WORDING] },
    },

    only(
      'core',
      { path: CORE },
      [CORE, SHARED],
      'Core: shared and itself; the outside world comes through ports.ts',
    ),

    {
      name: 'adapter-isolation',
      comment: 'An adapter never imports another; share through core/ports.ts or shared/',
      severity: 'error',
      from: { path: '^main/adapters/([^/]+)/' },
      to: { path: '^main/adapters/', pathNot: '^main/adapters/$1/' },
    },
    {
      name: 'adapter-core',
      comment: 'Of the core an adapter knows the ports only',
      severity: 'error',
      from: { path: '^main/adapters/' },
      to: { path: CORE, pathNot: '^main/core/ports[.]ts$' },
    },
    {
      name: 'adapter-ports-are-types',
      comment: 'Ports are interfaces: import them as types',
      severity: 'error',
      from: { path: '^main/adapters/' },
      to: { path: '^main/core/ports[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapter-layers',
      comment: 'Adapters reach no composition root and no window',
      severity: 'error',
      from: { path: '^main/adapters/' },
      to: { path: ['^main/(electron|headless)/', '^(preload|renderer|build)/'] },
    },
    ...Object.entries(OWNED_LIBRARIES).map(([library, adapter]) => ({
      name: `library-${library.replace('/', '')}`,
      comment: `Only main/adapters/${adapter} talks to ${library}`,
      severity: 'error',
      from: { path: '^(main|shared|preload|renderer)/', pathNot: `^main/adapters/${adapter}/` },
      to: { path: `^node_modules/${library}${library.endsWith('/') ? '' : '/'}` },
    })),

    {
      name: 'electron-only-where-it-belongs',
      comment: 'Everything else must run, and be tested, without Electron',
      severity: 'error',
      from: { pathNot: '^(main/electron|preload|tests)/' },
      to: { path: '^node_modules/electron/|^electron$' },
    },
    {
      name: 'roots-electron',
      comment: 'main/electron: core, adapters, shared, Node and npm; not the other root, no window',
      severity: 'error',
      from: { path: '^main/electron/' },
      to: { path: '^(main/headless|preload|renderer|build)/' },
    },
    {
      name: 'roots-headless',
      comment: 'main/headless: core, adapters, shared, Node and npm; not the other root, no window',
      severity: 'error',
      from: { path: '^main/headless/' },
      to: { path: '^(main/electron|preload|renderer|build)/' },
    },

    only(
      'preload',
      { path: '^preload/' },
      ['^preload/', '^shared/(contract|client)/', '^node_modules/electron/', '^electron$'],
      'Preload: contract and client types, and Electron',
    ),
    {
      name: 'preload-shared-is-types',
      comment: 'The bridge stays one small file that requires nothing but Electron',
      severity: 'error',
      from: { path: '^preload/' },
      to: { path: SHARED, dependencyTypesNot: ['type-only'] },
    },

    only(
      'renderer',
      { path: '^renderer/' },
      ['^renderer/', SHARED, RENDERER_LIBRARIES],
      'Windows: shared, the renderer’s own shared parts, React',
    ),
    {
      name: 'window-isolation',
      comment: 'A window never imports another window’s folder; what two need lives in renderer/shared',
      severity: 'error',
      from: { path: '^renderer/([^/]+)/' },
      to: { path: '^renderer/[^/]+/', pathNot: '^renderer/(shared|$1)/' },
    },

    noNode('no-node-in-shared', { path: SHARED }),
    noNode('no-node-in-core', { path: CORE }),
    noNode('no-node-in-preload', { path: '^preload/' }),
    noNode('no-node-in-renderer', { path: '^renderer/' }),

    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type-only imports count too: a layer that knows another's types already depends on it.
    tsPreCompilationDeps: true,
    // The classic TypeScript API is gone in TypeScript 7; without this parser no module would be seen at all.
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.cjs', '.mjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
