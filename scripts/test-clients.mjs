// Real clients against the simulated cluster: kubectl, helm and the JavaScript client are fetched once into .clients/ and run
// against kubecosm serve; then what breaks off, comes all at once or is killed; then the kubectl steps of the recorded cases, each
// compared by itself. With --json the last line is one document: {"passed": 1, "failed": 0, "failures": []}. --only NAMES leaves
// parts out: commands, older, client-node, faults, cases; what follows them goes to the cases.
import { spawnSync } from 'node:child_process'
import { runClientNode } from './clients/client-node.mjs'
import { runCommands } from './clients/commands.mjs'
import { runFaults } from './clients/faults.mjs'
import { fetchClients } from './clients/fetch.mjs'

const runLimitMs = 900_000
const args = process.argv.slice(2).filter((arg) => arg !== '--json')
const isJson = process.argv.includes('--json')
const at = args.indexOf('--only')
const [, only] = at < 0 ? [] : args.splice(at, 2)

/** The kubectl steps of the recorded cases. */
function runCases() {
  const command = ['scripts/conformance.mjs', '--kubectl', '--json', ...args]
  const { stdout, status, error } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'pipe', 2],
    encoding: 'utf8',
    timeout: runLimitMs,
    maxBuffer: 1 << 26,
  })
  const last = stdout?.trimEnd().split('\n').at(-1)
  if (!last) throw new Error(`the cases did not run: ${error?.message ?? `exit ${status}`}`)
  const areas = Object.entries(JSON.parse(last).areas)
  const named = areas.flatMap(([area, { failures }]) =>
    failures.map((one) => ({ ...one, name: `${area}/${one.name}` })),
  )
  return { passed: areas.reduce((sum, [, report]) => sum + report.passed, 0), failures: named }
}

const parts = {
  commands: () => runCommands('kubectl'),
  older: () => runCommands('kubectl-1.35'),
  'client-node': runClientNode,
  faults: runFaults,
  cases: runCases,
}
const chosen = only === undefined ? Object.keys(parts) : only.split(',')
for (const name of chosen)
  if (!Object.hasOwn(parts, name)) throw new Error(`--only ${name}: one of ${Object.keys(parts).join(', ')}`)
fetchClients()
const built = spawnSync(process.execPath, ['scripts/build-node.mjs'], { stdio: ['ignore', 2, 2] })
if (built.status !== 0) throw new Error('kubecosm could not be built')
let passed = 0
const failures = []
for (const name of chosen) {
  const report = await parts[name]()
  passed += report.passed
  failures.push(...report.failures)
  if (!isJson) console.log(`${name}: ${report.passed} passed, ${report.failures.length} failed`)
}
if (isJson) console.log(JSON.stringify({ passed, failed: failures.length, failures }))
else for (const { name, step, difference } of failures) console.log(`FAIL ${name} step ${step}: ${difference}`)
process.exitCode = failures.length > 0 ? 1 : 0
