import { soak } from '../src/sim/testing/soak/soak.ts'

const number = (flag: string, otherwise: number): number => {
  const at = process.argv.indexOf(flag)
  return at > 0 ? Number(process.argv[at + 1]) : otherwise
}

const seed = number('--seed', 1)
const options = { nodes: number('--nodes', 100), minutes: number('--minutes', 60) }
const runs = Array.from({ length: number('--runs', 1) }, (_, index) => {
  const cpu = process.cpuUsage()
  const report = soak({ seed: seed + index, ...options })
  const { user, system } = process.cpuUsage(cpu)
  return { seed: seed + index, ...options, ...report, cpuSeconds: Number(((user + system) / 1e6).toPrecision(3)) }
})
if (process.argv.includes('--json')) console.log(JSON.stringify({ runs: runs.map(({ log: _log, ...run }) => run) }))
else
  for (const { seed, operations, writes, pods, cpuSeconds, broken, log } of runs) {
    console.log(`seed ${seed}: ${operations} operations, ${writes} writes, ${pods} pods left, ${cpuSeconds} CPU s`)
    if (broken.length > 0)
      console.log(
        `${log.join('\n')}\n\n${broken.map((one) => `broken: ${one}`).join('\n')}\n\nAgain: npm run soak -- --seed ${seed}`,
      )
  }
process.exit(runs.some(({ broken }) => broken.length > 0) ? 1 : 0)
