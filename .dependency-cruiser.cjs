/** Who may import whom. docs/architecture.md draws the picture; tests/boundaries.test.ts plants violations and sees them caught. */
const parts = ['lib', 'machinery', 'kinds', 'sim', 'cli', 'playground', 'bridge', 'ui', 'node']

const mayImport = {
  lib: [],
  machinery: ['lib'],
  kinds: ['machinery', 'lib'],
  sim: ['kinds', 'machinery', 'lib'],
  cli: ['sim', 'kinds', 'machinery', 'lib'],
  playground: ['kinds', 'machinery', 'lib'],
  bridge: ['sim', 'cli', 'playground', 'kinds', 'machinery', 'lib'],
  ui: ['bridge', 'playground', 'cli', 'kinds', 'machinery', 'lib'],
  node: ['bridge', 'sim', 'playground', 'cli', 'kinds', 'machinery', 'lib'],
}

const towards = (from) => ({
  name: `${from}-imports-only-its-own-layers`,
  comment: `${from} may import ${mayImport[from].join(', ') || 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: `^src/(${parts.filter((part) => part !== from && !mayImport[from].includes(part)).join('|')})/` },
})

const loops = ['controllers', 'scheduler', 'kubelet', 'network', 'storage', 'cloud']

// From the top of the stack down; each layer may use those below it.
const stack = ['controller-runtime', 'client', 'apiserver', 'etcd', 'clock']

const downTheStack = stack.slice(1).map((layer, index) => ({
  name: `sim-${layer}-imports-nothing-above-it`,
  comment: `Inside sim: controller-runtime → client → apiserver → etcd → clock.`,
  severity: 'error',
  from: { path: `^src/sim/${layer}/`, pathNot: '\\.test\\.ts$' },
  to: { path: `^src/sim/(${[...loops, ...stack.slice(0, index + 1)].join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...parts.map(towards),
    ...downTheStack,
    {
      name: 'bridge-imports-sim-by-its-composition-root',
      comment:
        'The bridge knows the cluster as a whole, its snapshots, and the ways that manifests and requests go in; not its parts.',
      severity: 'error',
      from: { path: '^src/bridge/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/sim/',
        pathNot: '^src/sim/(cluster[a-z-]*|snapshot|apiserver/(apply-manifests|http))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'page-end-of-the-bridge-never-imports-sim',
      comment: 'protocol.ts and connection.ts are loaded by the page.',
      severity: 'error',
      from: { path: '^src/bridge/(protocol|connection)\\.ts$' },
      to: { path: '^src/sim/' },
    },
    {
      name: 'sim-never-imports-a-card',
      comment: 'Cards are React; the simulation runs without a page.',
      severity: 'error',
      from: { path: '^src/(lib|machinery|sim|cli|playground)/|^src/kinds/.*\\.ts$' },
      to: { path: '\\.tsx$|^node_modules/(react|react-dom|@xyflow|radix-ui|i18next|react-i18next)/' },
    },
    {
      name: 'controllers-never-import-each-other',
      severity: 'error',
      from: { path: '^src/sim/controllers/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/sim/controllers/([^/]+)/', pathNot: '^src/sim/controllers/$1/' },
    },
    {
      name: 'loops-reach-the-api-through-a-client',
      comment: 'Components talk only through the API server, and only with a client.',
      severity: 'error',
      from: { path: `^src/sim/(${loops.join('|')})/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/sim/(apiserver|etcd)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '\\?(raw|url|worker)|\\.css$|^virtual:|generated/' },
    },
    {
      name: 'shipped-code-uses-shipped-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$|/testing/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/machinery/schema/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
