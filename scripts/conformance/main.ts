import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runCase, runKubectlSteps, type CaseOutcome } from './case.ts'
import { openKubectl } from './kubectl.ts'
import { runRandomCase } from './random.ts'
import { openSimulatedCluster } from './simulated-cluster.ts'

interface Waiver {
  readonly name: string
  readonly reason: string
}

interface AreaReport {
  passed: number
  failed: number
  waived: number
  skippedSteps: number
  failures: { name: string; step: number; difference: string }[]
  waivers: Waiver[]
}

const usage = 'usage: npm run conformance -- [DIR] [--only REGEX] [--kubectl] [--json]'

/** All case files under a directory, each with the area it belongs to. */
function casesUnder(directory: string): { file: string; area: string }[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => join(directory, file))
    .filter((file) => statSync(file).isFile() && basename(file) !== 'waivers.json')
    .sort()
    .map((file) => ({ file, area: basename(join(file, '..')) }))
}

const areaNames = ['api', 'controllers', 'kubelet', 'scheduler']

/** The folder says how a case was recorded; within `controllers`, a case's own area names the controller. */
function areaOf(folder: string, own: string | undefined): string {
  if (areaNames.includes(folder)) return folder
  return own !== undefined && areaNames.includes(own) ? own : 'controllers'
}

async function main(args: string[]): Promise<number> {
  const json = args.includes('--json')
  // Only the steps in which kubectl speaks, each by itself.
  const withKubectl = args.includes('--kubectl')
  const onlyAt = args.indexOf('--only')
  const only = onlyAt >= 0 ? new RegExp(args[onlyAt + 1] ?? '') : undefined
  const directory = args.find((arg, index) => !arg.startsWith('--') && (onlyAt < 0 || index !== onlyAt + 1)) ?? 'conformance/open'
  if (args.includes('--help') || !existsSync(directory)) {
    console.error(existsSync(directory) ? usage : `${directory} is not there\n${usage}`)
    return 2
  }
  const waivers: Waiver[] = existsSync('conformance/waivers.json') ? JSON.parse(readFileSync('conformance/waivers.json', 'utf8')) : []
  const kubectl = openKubectl('.clients/kubectl')
  const areas: Record<string, AreaReport> = {}
  for (const { file, area: folder } of casesUnder(directory)) {
    const definition = JSON.parse(readFileSync(file, 'utf8'))
    if (withKubectl && !definition.steps?.some((step: any) => step.kubectl !== undefined)) continue
    const isRandom = definition.decisions !== undefined
    const name: string = definition.name ?? basename(file, '.json')
    const area = isRandom ? 'scheduler-random' : areaOf(folder, definition.area)
    if (only && !only.test(`${area}/${name}`)) continue
    const report = (areas[area] ??= { passed: 0, failed: 0, waived: 0, skippedSteps: 0, failures: [], waivers: [] })
    if (withKubectl && kubectl) {
      const { passed, failures } = await runKubectlSteps({ ...definition, area }, openSimulatedCluster, kubectl)
      report.passed += passed
      report.failed += failures.length
      report.failures.push(...failures)
      continue
    }
    let outcome: CaseOutcome
    try {
      outcome = isRandom ? runRandomCase(name, definition, openSimulatedCluster) : await runCase({ ...definition, area }, openSimulatedCluster, kubectl)
    } catch (error) {
      outcome = { name, step: -1, difference: error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' | ') : String(error), skippedSteps: 0 }
    }
    record(report, outcome, waivers.find((waiver) => waiver.name === name))
  }
  kubectl?.close()
  if (json) console.log(JSON.stringify({ areas }))
  else print(areas, kubectl === undefined)
  return Object.values(areas).some(({ failed }) => failed > 0) ? 1 : 0
}

function record(report: AreaReport, outcome: CaseOutcome, waiver: Waiver | undefined): void {
  report.skippedSteps += outcome.skippedSteps
  if (outcome.difference === undefined) report.passed++
  else if (waiver) {
    report.waived++
    report.waivers.push(waiver)
  } else {
    report.failed++
    report.failures.push({ name: outcome.name, step: outcome.step ?? -1, difference: outcome.difference })
  }
}

function print(areas: Record<string, AreaReport>, withoutKubectl: boolean): void {
  for (const [area, report] of Object.entries(areas)) {
    for (const { name, step, difference } of report.failures) console.log(`FAIL ${area}/${name} step ${step}: ${difference}`)
    for (const { name, reason } of report.waivers) console.log(`WAIVED ${area}/${name}: ${reason}`)
  }
  console.log('')
  for (const [area, { passed, failed, waived, skippedSteps }] of Object.entries(areas)) {
    const skipped = skippedSteps ? `, ${skippedSteps} kubectl steps skipped` : ''
    console.log(`${area.padEnd(18)} ${passed} passed, ${failed} failed, ${waived} waived${skipped}`)
  }
  if (withoutKubectl) console.log('\nkubectl steps need .clients/kubectl: npm run test:clients fetches it')
}

process.exitCode = await main(process.argv.slice(2))
