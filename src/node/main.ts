#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { dump } from 'js-yaml'
import { cameUp, run, type RunReport } from './run.ts'
import { serve } from './serve.ts'

const usage = `kubecosm: a simulated Kubernetes cluster

  kubecosm serve [--port N] [--address A] [--nodes N] [--speed X] [--state FILE] [--kubeconfig FILE] [--open] [--json]
      serves the API, the page and a kubeconfig until it is interrupted
  kubecosm run FILES... [--nodes N] [--for 10m] [-o json|yaml|wide]
      applies manifests without a page and tells what came of them; exit 1 when something did not come up
`

class UsageError extends Error {}

const options = {
  port: { type: 'string', default: '8443' },
  address: { type: 'string', default: '127.0.0.1' },
  nodes: { type: 'string', default: '3' },
  speed: { type: 'string', default: '1' },
  state: { type: 'string' },
  kubeconfig: { type: 'string' },
  for: { type: 'string' },
  output: { type: 'string', short: 'o', default: '' },
  open: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

async function main(): Promise<number> {
  const { values, positionals } = read()
  const [command, ...files] = positionals
  if (values.help || !command) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  const nodes = number(values.nodes, '--nodes', 0, 5000)
  if (command === 'run') {
    if (files.length === 0) throw new UsageError('run needs files to apply; - stands for standard input')
    const format = values.json ? 'json' : values.output
    if (!['', 'json', 'yaml', 'wide'].includes(format)) throw new UsageError(`-o ${format}: json, yaml or wide`)
    const forMs = values.for === undefined ? undefined : durationMs(values.for)
    const report = run({ files, nodes, ...(forMs !== undefined && { forMs }) })
    print(report, format)
    return cameUp(report) ? 0 : 1
  }
  if (command !== 'serve') throw new UsageError(`${command} is no command`)
  if (files.length > 0) throw new UsageError(`serve takes no files: ${files.join(' ')}`)
  return startServing(values, nodes)
}

function read() {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function startServing(values: ReturnType<typeof read>['values'], nodes: number): Promise<number> {
  const page = fileURLToPath(new URL('../dist', import.meta.url))
  const serving = await serve({
    port: number(values.port, '--port', 0, 65_534),
    address: values.address,
    speed: number(values.speed, '--speed', 0.1, 1000),
    nodes,
    ...(values.state !== undefined && { state: values.state }),
    ...(values.kubeconfig !== undefined && { kubeconfig: values.kubeconfig }),
    ...(existsSync(page) && { page }),
  })
  if (values.json) {
    const { server, kubeconfig, token } = serving
    console.log(JSON.stringify({ server, page: serving.page ?? null, kubeconfig, token }))
  } else {
    console.log(`The API: ${serving.server}`)
    console.log(serving.page ? `The page: ${serving.page}` : 'The page is not built: npm run build')
    console.log(`\nexport KUBECONFIG=${serving.kubeconfig}\nkubectl get nodes\n\nInterrupt to end it.`)
  }
  if (values.open && serving.page) openInBrowser(serving.page)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await serving.close()
  return 0
}

/** By the system's own opener; where there is none, the address that was printed will do. */
function openInBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  const child = spawn(command!, [...args, address], { stdio: 'ignore', detached: true })
  child.on('error', () => console.error(`No browser could be opened; go to ${address}`))
  child.unref()
}

function number(text: string, name: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new UsageError(`${name} ${text}: a number from ${least} to ${most}`)
  return value
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const longestRunMs = 30 * 24 * 3_600_000

/** `1h30m`, `90s`, `10m` */
function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g)]
  const ms = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!, 0)
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text || ms > longestRunMs)
    throw new UsageError(`--for ${text}: a duration such as 90s or 10m, of at most 30 days`)
  return ms
}

function print(report: RunReport, format: string): void {
  if (format === 'json') console.log(JSON.stringify(report))
  else if (format === 'yaml') console.log(dump(report, { noRefs: true, lineWidth: -1 }).trimEnd())
  else {
    for (const { object, result, message } of report.apply)
      console.log(`${object} ${result}${message ? `: ${message}` : ''}`)
    for (const { object, desired, ready, why } of report.workloads)
      console.log(`${object} ${ready}/${desired}${why ? `  ${format === 'wide' ? why : shortened(why)}` : ''}`)
    console.log(`after ${report.simulatedSeconds} simulated seconds`)
  }
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) console.error(`\n${usage}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
