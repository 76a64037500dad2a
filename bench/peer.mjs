// Runs the same Deployments here and in @ngrok/webernetes, one process each, one after the other, and compares CPU
// seconds. The peer is installed aside, on demand. Pods have no probes and their image is on the nodes, on both sides.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const peer = '@ngrok/webernetes@0.3.5'
const aside = resolve('.bench')
const limitMs = 900_000
const shared = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' }

if (!existsSync(`${aside}/node_modules/@ngrok/webernetes`)) {
  mkdirSync(aside, { recursive: true })
  writeFileSync(`${aside}/package.json`, '{"private":true}\n')
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', peer], {
    cwd: aside,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
await build({
  ...shared,
  entryPoints: ['bench/peer-theirs.mjs'],
  outfile: `${aside}/theirs.mjs`,
  nodePaths: [`${aside}/node_modules`],
})
await build({
  ...shared,
  entryPoints: ['bench/peer-ours-main.ts'],
  outfile: '.cache/peer-ours.mjs',
  packages: 'external',
})

const small = [
  [10, 100],
  [100, 1000],
]
const sizes = [...small, [1000, 10_000]]
const cpu = (program, list) => {
  const options = { timeout: limitMs, maxBuffer: 1 << 28 }
  const output = execFileSync(process.execPath, ['--max-old-space-size=8192', program, JSON.stringify(list)], options)
  return JSON.parse(output.toString().trim().split('\n').pop())
}
const round = (value) => Number(value.toPrecision(3))
const ours = cpu('.cache/peer-ours.mjs', sizes)
// At ten times the size the peer would take hours.
const theirs = cpu(`${aside}/theirs.mjs`, small)
const rows = sizes.map(([nodes, pods], index) => ({
  nodes,
  pods,
  oursCpuSeconds: round(ours[index]),
  oursMsPerPod: round((ours[index] * 1000) / pods),
  peerCpuSeconds: theirs[index] === undefined ? null : round(theirs[index]),
  ratio: theirs[index] === undefined ? null : round(theirs[index] / ours[index]),
}))
if (process.argv.includes('--json')) console.log(JSON.stringify({ rows }))
else console.table(rows)
