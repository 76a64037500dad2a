import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'

const require = createRequire(import.meta.url)
const rules: { name: string }[] = require('../.dependency-cruiser.cjs').forbidden

/** Rule → a file, and what it imports, that the rule has to catch. */
const planted: Record<string, readonly [from: string, to: string]> = {
  'lib-imports-only-its-own-layers': ['src/lib/heap.ts', 'src/machinery/objects.ts'],
  'machinery-imports-only-its-own-layers': ['src/machinery/selector.ts', 'src/kinds/kind.ts'],
  'kinds-imports-only-its-own-layers': ['src/kinds/pod/kind.ts', 'src/sim/cluster.ts'],
  'sim-imports-only-its-own-layers': ['src/sim/kubelet/run.ts', 'src/bridge/protocol.ts'],
  'cli-imports-only-its-own-layers': ['src/cli/get.ts', 'src/ui/App.ts'],
  'playground-imports-only-its-own-layers': ['src/playground/share.ts', 'src/bridge/protocol.ts'],
  'bridge-imports-only-its-own-layers': ['src/bridge/host.ts', 'src/ui/App.ts'],
  'ui-imports-only-its-own-layers': ['src/ui/graph/layout.ts', 'src/sim/cluster.ts'],
  'node-imports-only-its-own-layers': ['src/node/serve.ts', 'src/ui/App.ts'],
  'sim-client-imports-nothing-above-it': ['src/sim/client/informer.ts', 'src/sim/controller-runtime/controller.ts'],
  'sim-apiserver-imports-nothing-above-it': ['src/sim/apiserver/routes.ts', 'src/sim/client/client.ts'],
  'sim-etcd-imports-nothing-above-it': ['src/sim/etcd/store.ts', 'src/sim/apiserver/server.ts'],
  'sim-clock-imports-nothing-above-it': ['src/sim/clock/clock.ts', 'src/sim/etcd/watch.ts'],
  'bridge-imports-sim-by-its-composition-root': ['src/bridge/peek.ts', 'src/sim/scheduler/queue.ts'],
  'page-end-of-the-bridge-never-imports-sim': ['src/bridge/connection.ts', 'src/sim/cluster.ts'],
  'sim-never-imports-a-card': ['src/sim/storage/attach.ts', 'src/kinds/pod/card.tsx'],
  'controllers-never-import-each-other': [
    'src/sim/controllers/replicaset/reconcile.ts',
    'src/sim/controllers/deployment/rollout.ts',
  ],
  'loops-reach-the-api-through-a-client': ['src/sim/network/proxy.ts', 'src/sim/apiserver/server.ts'],
  'no-unresolvable': ['src/ui/lost.ts', 'src/ui/gone.ts'],
}

let folder: string
let violations: { from: string; to: string; rule: { name: string } }[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubecosm-boundaries-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const imports = new Map<string, string[]>()
  for (const [from, to] of Object.values(planted)) {
    imports.set(from, [...(imports.get(from) ?? []), to])
    if (!imports.has(to) && !to.endsWith('gone.ts')) imports.set(to, [])
  }
  // A loop of two, and one import that every rule allows.
  imports.set('src/lib/ping.ts', ['src/lib/pong.ts'])
  imports.set('src/lib/pong.ts', ['src/lib/ping.ts'])
  imports.set('src/kinds/service/kind.ts', ['src/lib/fine.ts'])
  imports.set('src/lib/fine.ts', [])
  for (const [path, targets] of imports) {
    const lines = targets.map(
      (target, index) => `import { value as v${index} } from '${'../'.repeat(path.split('/').length - 1)}${target}'`,
    )
    write(path, `${lines.join('\n')}\nexport const value = [${targets.map((_, index) => `v${index}`).join(', ')}]\n`)
  }
  write(
    'tsconfig.json',
    '{"compilerOptions": {"allowImportingTsExtensions": true, "noEmit": true, "module": "ESNext", "moduleResolution": "bundler"}}',
  )
  write('package.json', '{"type": "module"}')
  const run = spawnSync(
    process.execPath,
    [
      new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url).pathname,
      'src',
      '--config',
      require.resolve('../.dependency-cruiser.cjs'),
      '--output-type',
      'json',
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  violations = JSON.parse(run.stdout).summary.violations
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(Object.entries(planted))('%s catches its planted violation', (rule, [from, to]) => {
  const caught = violations.filter((violation) => violation.rule.name === rule && violation.from === from)
  expect(caught.map((violation) => violation.to.replace(/^(\.\.\/)+/, ''))).toContain(to)
})

test('a cycle is caught', () => {
  expect(
    violations.some((violation) => violation.rule.name === 'no-cycles' && violation.from.startsWith('src/lib/p')),
  ).toBe(true)
})

test('an import that every rule allows is left alone', () => {
  expect(violations.filter((violation) => violation.from === 'src/kinds/service/kind.ts')).toEqual([])
})

test('every rule has a planted violation', () => {
  // The last one needs an installed package to catch; `npm run check` runs it on the real tree.
  const proven = new Set([...Object.keys(planted), 'no-cycles', 'shipped-code-uses-shipped-dependencies'])
  expect(rules.map((rule) => rule.name).filter((name) => !proven.has(name))).toEqual([])
})
