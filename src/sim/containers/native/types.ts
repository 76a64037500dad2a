import type { Data, Signal, System } from '../kernel/types.ts'
import type { Health } from './grpc.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'

/** What a server makes of its command line, its environment and its files when it is started. */
export interface Beginning {
  readonly ports: readonly number[]
  /** From the start until it listens. */
  readonly startupMs?: number
  /** Written at once, and when it listens. */
  readonly log?: string
  readonly ready?: string
  /** What it remembers of all that. */
  readonly config?: Data
  /** It cannot: it ends with this code once it has said so. */
  readonly exit?: number
}

/** What a request needs besides: others that are asked first, all at once. */
export interface Asking {
  readonly ask: readonly {
    readonly host: string
    readonly port: number
    readonly request: string
  }[]
}

/** What came of asking another: its answer, or why there is none. */
export type Asked = HttpAnswer | 'refused' | 'unreachable' | 'timeout'

/** Bytes that answer what has come in a protocol of the server's own. */
export interface Reply {
  readonly text: string
  /** What was not read yet. */
  readonly rest: string
  readonly close?: boolean
}

/** A server as data and a few functions of it. */
export interface Server {
  readonly name: string
  readonly memoryMiB: number
  /** When nobody asks for anything. */
  readonly milliCPU?: number
  /** Milliseconds of CPU that an answer takes. */
  readonly cpuMs?: number
  /** At least this part of what is requested for it, since nobody knows what it needs. */
  readonly shareOfRequest?: number
  readonly serverHeader?: string
  readonly stop?: Partial<Record<Signal, StopRule>>
  begin(system: System): Beginning
  /** Answers a request, or asks others first (`asked` holds what came of that). */
  http?(request: HttpRequest, system: System, memory: ServerMemory, asked?: readonly Asked[]): HttpAnswer | Asking
  /** What it writes for a request that was answered. */
  access?(request: HttpRequest, answer: HttpAnswer, system: System, tookMs: number): string
  /** Speaks something else than HTTP on a port: a reply, or undefined while it must hear more. */
  talk?(input: string, system: System, memory: ServerMemory, connection: Conversation): Reply | 'http' | undefined
  /** How a service is, for those who ask over gRPC; undefined when it does not speak that on the port. */
  grpc?(service: string, system: System, memory: ServerMemory, port: number): Health | undefined
  /** Is told when somebody connects, and may speak first. */
  greeting?(system: System, memory: ServerMemory, port: number): string
  /** Says that somebody else listens on a port, and perhaps tries again; then it ends with 1. */
  taken?(port: number, tries: number, system: System): { readonly log: string; readonly retryMs?: number }
  /** Reads its configuration again. */
  reload?(system: System, memory: ServerMemory): string
  /** Is told that it is to end. */
  stopping?(system: System, memory: ServerMemory): void
  /** More than what it always needs, as it grows. */
  held?(memory: ServerMemory): number
}

/** How a signal ends it. */
export interface StopRule {
  readonly code?: number
  readonly ms?: number
  readonly log?: string
  /** It does not: what else it does is `reload`'s. */
  readonly reload?: true
}

/** What a server's process remembers. */
export interface ServerMemory {
  ports?: readonly number[]
  /** Then it listens, or ends with `exit`. */
  due?: number
  exit?: number
  /** How often it has found a port taken. */
  tries?: number
  ready?: string
  crashAt?: number
  config?: Data
  /** Its own, which it may change. */
  kept?: any
  /** Listening descriptors. */
  listeners?: number[]
  /** By descriptor. */
  open?: Record<string, Conversation>
}

/** One connection to a server, as it remembers it. */
export interface Conversation {
  /** It has said who it is. */
  known?: true
  /** What came and was not answered. */
  input: string
  readonly port: number
  readonly peer: string
  /** What is being answered, and since when. */
  request?: HttpRequest
  since?: number
  /** Others that it asks for that. */
  asking?: Question[]
  /** Its answer, and when it is sent. */
  answer?: HttpAnswer
  /** The same where it is not one of HTTP. */
  said?: string
  due?: number
}

/** A connection to another whom a server asks. */
export interface Question {
  readonly fd: number
  readonly request: string
  readonly until: number
  sent?: true
  received: string
  came?: Asked
  /** It is one of the annotation's. */
  readonly called?: string
}
