// Runs the same Deployment here and in @ngrok/webernetes, in turn, each in a process of its own, and compares CPU
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

const cpu = (program, nodes, pods) => {
  const output = execFileSync(process.execPath, ['--max-old-space-size=8192', program, String(nodes), String(pods)], {
    timeout: limitMs,
    maxBuffer: 1 << 28,
  })
  return JSON.parse(output.toString().trim().split('\n').pop()).cpuSeconds
}
const round = (value) => Number(value.toPrecision(3))
const rows = []
for (const [nodes, pods, both] of [
  [10, 100, true],
  [100, 1000, true],
  [1000, 10_000, false],
]) {
  const oursCpuSeconds = round(cpu('.cache/peer-ours.mjs', nodes, pods))
  const peerCpuSeconds = both ? round(cpu(`${aside}/theirs.mjs`, nodes, pods)) : null
  const ratio = peerCpuSeconds === null ? null : round(peerCpuSeconds / oursCpuSeconds)
  rows.push({ nodes, pods, oursCpuSeconds, oursMsPerPod: round((oursCpuSeconds * 1000) / pods), peerCpuSeconds, ratio })
}
if (process.argv.includes('--json')) console.log(JSON.stringify({ rows }))
else console.table(rows)
