import type { System } from '../kernel/types.ts'
import { askedPort } from './arguments.ts'
import { serving, unknownService } from './grpc.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import type { Server, StopRule } from './types.ts'

/** A server that a line or two describe. */
export interface Simple {
  readonly ports: readonly number[]
  readonly memoryMiB: number
  readonly startupMs?: number
  readonly milliCPU?: number
  readonly cpuMs?: number
  /** Written at once, and when it listens: `{port}` is its port. */
  readonly log?: string
  readonly ready?: string
  readonly stop?: Server['stop']
  /** Bodies by path; those of JSON begin with a brace. */
  readonly routes?: Readonly<Record<string, string>>
  /** What it answers at other paths; 404 where it has routes, unless it is said. */
  readonly other?: string | ((request: HttpRequest, system: System) => HttpAnswer)
  readonly serverHeader?: string
  readonly access?: Server['access']
  /** Ports on which it speaks gRPC, and tells how it is; all of them. */
  readonly grpc?: readonly number[] | true
  /** Its first port does not speak HTTP. */
  readonly opaque?: true
  readonly greeting?: string
  /** Complains, and ends: what it says and with which code. */
  refuses?(system: System): { readonly log: string; readonly exit: number } | undefined
  /** Done when it has begun, before it listens. */
  prepare?(system: System): void
}

/** A body with the type that it looks like. */
export function body(text: string, status = 200): HttpAnswer {
  const type = /^[{[]/.test(text) ? 'application/json' : /^\s*</.test(text) ? 'text/html; charset=utf-8' : undefined
  return { status, body: text, ...(type && { headers: { 'Content-Type': type } }) }
}

/** The values of placeholders in what a server writes. */
export const withPort = (text: string, port: number): string => text.replaceAll('{port}', String(port))

/** A server from its lines. */
export function simpleServer(name: string, one: Simple): Server {
  const stop: Record<string, StopRule> = { ...one.stop }
  return {
    name,
    memoryMiB: one.memoryMiB,
    milliCPU: one.milliCPU ?? 1,
    ...(one.cpuMs !== undefined && { cpuMs: one.cpuMs }),
    ...(one.serverHeader && { serverHeader: one.serverHeader }),
    stop,
    begin(system) {
      const refused = one.refuses?.(system)
      if (refused) return { ports: [], startupMs: 60, ...refused }
      one.prepare?.(system)
      const asked = one.ports.length > 0 ? askedPort(system) : undefined
      const [first, ...rest] = one.ports
      const port = asked ?? first
      return {
        ports: port === undefined ? [] : [port, ...rest.filter((other) => other !== port)],
        startupMs: one.startupMs ?? 200,
        ...(one.log && { log: withPort(one.log, port ?? 0) }),
        ...(one.ready && { ready: withPort(one.ready, port ?? 0) }),
      }
    },
    http(request, system) {
      const { routes = {}, other } = one
      const given = Object.hasOwn(routes, request.path) ? routes[request.path]! : undefined
      if (given !== undefined) return body(given.replaceAll('{host}', system.hostname))
      if (typeof other === 'function') return other(request, system)
      if (other !== undefined) return body(other.replaceAll('{host}', system.hostname))
      return Object.keys(routes).length > 0 ? { status: 404, body: '404 page not found\n' } : body('OK\n')
    },
    ...(one.grpc && {
      grpc: (service, _system, _memory, port) =>
        one.grpc !== true && !one.grpc!.includes(port) ? undefined : service === '' ? serving : unknownService,
    }),
    ...(one.access && { access: one.access }),
    ...(one.opaque && {
      talk: (input, _system, _memory, { port }) =>
        port === one.ports[0] && !/^(GET|HEAD|POST|PUT|DELETE|OPTIONS) /.test(input) ? undefined : 'http',
    }),
    ...(one.greeting && {
      greeting: (_system, _memory, port) => (port === one.ports[0] ? one.greeting! : ''),
    }),
  }
}
