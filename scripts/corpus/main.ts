import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCluster } from '../../src/sim/cluster.ts'
import { administrator } from '../../src/sim/apiserver/authentication.ts'
import { applyManifests } from '../../src/sim/apiserver/apply-manifests.ts'
import { clusterSoftware } from '../../src/sim/containers/software.ts'
import { misses, type Expectation } from './observe.ts'

const gibibyte = 1024 ** 3
const steadyMs = 120_000
const args = process.argv.slice(2)
const only = args.indexOf('--only')
const pattern = only >= 0 ? new RegExp(args.splice(only, 2)[1] ?? '') : /./
const directory = args.find((one) => !one.startsWith('-')) ?? ['corpus', '../shared/corpus'].find(existsSync)
if (!directory || !existsSync(join(directory, 'index.json'))) {
  console.error(
    'usage: npm run corpus -- DIR [--only REGEX] [--json]\nDIR holds manifests and an index.json that says what must come of them',
  )
  process.exit(2)
}

/** Three workers, as the index supposes. */
function openCluster(): ReturnType<typeof createCluster> {
  const options = {
    tokens: [{ token: 'corpus', user: administrator }],
    machines: [1, 2, 3].map((index) => ({
      name: `node-${index}`,
      zone: '',
      milliCPU: 4000,
      // Allocatable is what is left beside what the node keeps for an eviction.
      memoryBytes: 8 * gibibyte + 100 * 1024 * 1024,
      diskBytes: 100 * gibibyte,
      maxPods: 110,
      labels: {},
      taints: [],
    })),
  }
  return createCluster(options, clusterSoftware)
}

function run(file: string, expect: Expectation): string[] {
  const cluster = openCluster()
  cluster.runFor(10_000)
  for (const name of expect.prereq?.namespaces ?? [])
    if (!cluster.api.find('namespaces', name)) cluster.api.create('namespaces', { metadata: { name } })
  cluster.runFor(1000)
  const text = readFileSync(join(directory!, file), 'utf8')
  const options = { user: administrator, fieldManager: 'kubectl', pause: () => cluster.runFor(100) }
  const applied = applyManifests(cluster.api, text, options)
  cluster.runFor(steadyMs)
  return misses(cluster, applied, expect)
}

const { files } = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8'))
const chosen: readonly any[] = files.filter(({ id, file }: any) => pattern.test(id) || pattern.test(file))
const results = chosen.map(({ id, file, expect }) => {
  try {
    return { id, file, what: run(file, expect) }
  } catch (error) {
    return { id, file, what: [`crashed: ${error instanceof Error ? error.stack : String(error)}`] }
  }
})
const missed = results.filter(({ what }) => what.length > 0)
const report = {
  files: results.length,
  asExpected: results.length - missed.length,
  misses: missed.map(({ id, what }) => ({ id, what: what.join('; ') })),
}
if (args.includes('--json')) console.log(JSON.stringify(report))
else {
  for (const { id, file, what } of missed) console.log(`${id} ${file}\n  ${what.join('\n  ')}`)
  console.log(`${report.asExpected} of ${report.files} files as expected`)
}
process.exit(report.asExpected / Math.max(1, report.files) >= 0.95 ? 0 : 1)
