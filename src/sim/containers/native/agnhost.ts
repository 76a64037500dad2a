import type { System } from '../kernel/types.ts'
import { flagged } from './arguments.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { serving, unknownService } from './grpc.ts'
import { write } from './log.ts'
import type { Beginning, Server } from './types.ts'
import { body } from './simple.ts'

interface Config {
  readonly mode: string
  /** Of grpc-health-checking: its port, whose health it tells, and for how many seconds it is well. */
  readonly grpc?: number
  readonly service?: string
  readonly unhealthyAfter?: number
}

const klog = 'I{%m%d %H:%M:%S}.000000       1 log.go:245] '
const stamp = '{%Y/%m/%d %H:%M:%S} '

/** agnhost: the many small servers of Kubernetes' own tests and examples, by subcommand. */
export const agnhost: Server = {
  name: 'agnhost',
  memoryMiB: 8,
  milliCPU: 1,
  cpuMs: 0.1,
  stop: { TERM: { code: 143, ms: 10 } },
  begin,
  http: answer,
  grpc(service, system, memory, port) {
    const config = (memory.config ?? {}) as unknown as Config
    if (config.grpc !== port) return undefined
    if (service !== config.service) return unknownService
    const { unhealthyAfter = -1 } = config
    const isLate = unhealthyAfter >= 0 && system.now() - system.process.startedMs >= unhealthyAfter * 1000
    return memory.kept === 'unhealthy' || (isLate && memory.kept !== 'healthy')
      ? { code: 0, text: 'NOT_SERVING' }
      : serving
  },
  talk(input, system, memory, { port }) {
    const { mode } = memory.config as unknown as Config
    if (/^[A-Z]+ \S+ HTTP/.test(input)) return 'http'
    if (mode === 'serve-hostname' && port === 9376) return { text: system.hostname, rest: '', close: true }
    return mode === 'echo' ? { text: input, rest: '' } : 'http'
  },
}

function begin(system: System): Beginning {
  const { argv } = system.process
  const mode = argv[1] ?? ''
  const port = (other: number, name = 'port') => Number(flagged(argv, [name]) ?? other)
  const plain = (log: string, exit: number): Beginning => ({ ports: [], startupMs: 10, log, exit })
  switch (mode) {
    case 'pause':
      return { ports: [], log: 'Paused' }
    case 'netexec': {
      const http = port(8080, 'http-port')
      return {
        ports: [http],
        config: { mode },
        log: `${stamp}Started HTTP server on port ${http}\n${stamp}Started UDP server on port  8081`,
      }
    }
    case 'serve-hostname':
      return { ports: [port(9376)], config: { mode }, log: `${stamp}Serving on port ${port(9376)}.` }
    case 'liveness':
      return { ports: [8080], config: { mode } }
    case 'test-webserver':
    case 'porter':
    case 'nettest':
      return { ports: [port(mode === 'test-webserver' ? 80 : 8080)], config: { mode } }
    case 'guestbook':
      return { ports: [port(3000, 'http-port')], config: { mode } }
    case 'webhook':
      return { ports: [port(8444)], config: { mode } }
    case 'tcp-reset':
      return { ports: [port(8080)], config: { mode: 'echo' } }
    case 'grpc-health-checking': {
      const [grpc, http] = [port(5000), port(8080, 'http-port')]
      const config = {
        mode,
        grpc,
        service: flagged(argv, ['service']) ?? '',
        unhealthyAfter: Number(flagged(argv, ['delay-unhealthy-sec']) ?? -1),
      }
      const log = `${klog}Http server starting to listen on :${http}\n${klog}gRPC server starting to listen on :${grpc}`
      return { ports: [http, grpc], startupMs: 10, config, ready: log }
    }
    case 'fake-gitserver':
      return { ports: [8000], config: { mode } }
    case 'entrypoint-tester':
      return plain(
        JSON.stringify(argv).replaceAll('","', '" "').replaceAll('"', '').replace('[', '[').replaceAll(',', ' '),
        0,
      )
    case 'logs-generator':
      return plain(
        Array.from(
          { length: Math.min(10_000, Number(flagged(argv, ['log-lines-total', 'n']) ?? 10)) },
          (_, index) =>
            `I{%m%d %H:%M:%S}.000000       1 logs_generator.go:76] ${index} POST /api/v1/namespaces/default/pods/p${index} ${200 + (index % 400)}`,
        ).join('\n'),
        0,
      )
    case 'dns-suffix':
      return plain('default.svc.cluster.local,svc.cluster.local,cluster.local', 0)
    case 'dns-server-list':
      return plain('10.96.0.10', 0)
    case 'etc-hosts': {
      const fd = system.open('/etc/hosts', { read: true })
      const text = typeof fd === 'number' ? system.read(fd) : ''
      return plain(typeof text === 'string' ? text : '', 0)
    }
    case 'help':
    case '--help':
    case '':
      return plain('agnhost is a collection of tools for testing Kubernetes\n\nUsage:\n  app [command]', 0)
    case '--version':
      return plain('agnhost version 2.57', 0)
    default:
      return plain(`Error: unknown command "${mode}" for "app"\nRun 'app --help' for usage.`, 1)
  }
}

function answer(
  { path, query, method, peer, body: sent }: HttpRequest,
  system: System,
  memory: { config?: unknown; kept?: any },
): HttpAnswer {
  const { mode } = memory.config as Config
  const argument = (name: string) => decode(new RegExp(`[?&]${name}=([^&]*)`).exec(query)?.[1] ?? '')
  if (mode === 'liveness') {
    const ms = system.now() - system.process.startedMs
    return ms < 10_000 ? { status: 200, body: 'ok' } : { status: 500, body: `error: ${(ms / 1000).toFixed(9)}` }
  }
  if (mode === 'grpc-health-checking') {
    const wish = /^\/make-(not-)?serving$/.exec(path)
    if (!wish) return { status: 404, body: '404 page not found\n' }
    memory.kept = wish[1] ? 'unhealthy' : 'healthy'
    write(system, `${klog}Mark as ${memory.kept}`)
    return { status: 200, body: `${((system.now() - system.process.startedMs) / 1000).toFixed(9)}s` }
  }
  if (mode === 'serve-hostname') return { status: 200, body: system.hostname }
  if (mode === 'test-webserver') return body('<html> <head><title>test</title></head> <body>test</body></html>\n')
  if (mode === 'guestbook') {
    const list: string[] = (memory.kept ??= [])
    if (path === '/register') return { status: 200, body: 'OK' }
    if (path === '/set') list.push(argument('value'))
    if (path === '/get') return { status: 200, body: JSON.stringify({ data: list.join(',') }) }
    return { status: 200, body: path === '/' ? 'guestbook\n' : '{}' }
  }
  switch (path) {
    case '/':
      return { status: 200, body: `NOW: ${system.wall()}` }
    case '/hostname':
    case '/hostName':
      return { status: 200, body: system.hostname }
    case '/clientip':
      return { status: 200, body: `${peer}:40000` }
    case '/echo':
      return { status: Number(argument('code') || 200), body: method === 'POST' ? sent : argument('msg') }
    case '/healthz':
      return memory.kept === 'unhealthy' ? { status: 412 } : { status: 200 }
    case '/readyz':
    case '/header':
      return { status: 200 }
    case '/exit':
      system.kill(system.process.pid, 'TERM')
      return { status: 200 }
    case '/redirect':
      return { status: Number(argument('code') || 302), headers: { Location: argument('location') } }
    case '/shutdown':
      system.kill(system.process.pid, 'TERM')
      return { status: 200 }
    default:
      return { status: 404, body: '404 page not found\n' }
  }
}

const decode = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
