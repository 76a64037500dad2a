import type { Identity } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { ResponseStream } from './watch-stream.ts'

/** One request as it came over the wire. */
export interface HttpRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Bytes where the content is protobuf; a string may hold them too, a byte a character. */
  readonly body?: string | Uint8Array
  /** Whom the connection itself has proved to be from, as a client certificate would. */
  readonly identity?: Identity
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
  /** A watch: more comes while virtual time passes. */
  readonly stream?: ResponseStream
}

/** What is too large for the page's worker: whoever serves HTTP outside of it brings it along. */
export interface HttpExtras {
  /** Hears of an error of the program itself, which the client only sees as an InternalError. */
  failed?(error: unknown): void
  /** Reads a protobuf body (`k8s\0…`) into JSON. Returns a text that says why not. */
  decodeProtobuf?(bytes: Uint8Array): { readonly value: unknown } | { readonly error: string }
  /** Answers for the paths below /openapi; undefined for any other path. */
  openApi?(api: ApiServer, request: HttpRequest, path: string, query: Query): HttpResponse | undefined
}

/** A query's parameters as Go reads them: what cannot be decoded is left out. */
export class Query {
  readonly #values = new Map<string, string[]>()
  /** The first value of each parameter. */
  readonly first = new Map<string, string>()

  constructor(search: string) {
    for (const part of search.split('&')) {
      if (!part || part.includes(';')) continue
      const equals = part.indexOf('=')
      const key = unescaped(equals < 0 ? part : part.slice(0, equals))
      const value = unescaped(equals < 0 ? '' : part.slice(equals + 1))
      if (key === undefined || value === undefined) continue
      const values = this.#values.get(key)
      if (values) values.push(value)
      else {
        this.#values.set(key, [value])
        this.first.set(key, value)
      }
    }
  }

  /** The first value; '' when there is none. */
  get(name: string): string {
    return this.first.get(name) ?? ''
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** Anything but an absent parameter, "false" and "0" is true. Upstream: Convert_Slice_string_To_bool. */
  flag(name: string): boolean {
    const value = this.first.get(name)
    return value !== undefined && value !== '0' && value.toLowerCase() !== 'false'
  }
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return undefined
  }
}
