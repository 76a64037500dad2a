import { decodeBase64Text, encodeBase64Text } from '../../../lib/base64.ts'
import { badRequest } from '../../../machinery/errors.ts'
import { parseGoJson } from '../../../machinery/go-json.ts'

/** Where the next page of a list begins. */
export interface ContinueToken {
  /** Revision of the first page; -1 for "as it is now". */
  readonly revision: number
  /** The first key that may be on the page, without the list's own prefix. */
  readonly start: string
}

const apiVersion = 'meta.k8s.io/v1'

/** Upstream: storage.EncodeContinue. */
export function encodeContinue({ revision, start }: ContinueToken): string {
  const text = JSON.stringify({ v: apiVersion, rv: revision, start })
  return encodeBase64Text(text).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
}

/** Reads a token that came back; 400 when nobody made it. Upstream: storage.DecodeContinue. */
export function decodeContinue(token: string): ContinueToken {
  const refuse = (why: string) =>
    badRequest(`invalid continue token: continue key is not valid${why ? `: ${why}` : ''}`)
  const illegal = token.search(/[^A-Za-z0-9_-]/)
  if (illegal >= 0) throw refuse(`illegal base64 data at input byte ${illegal}`)
  if (token.length % 4 === 1) throw refuse(`illegal base64 data at input byte ${token.length - 1}`)
  const standard = token.replaceAll('-', '+').replaceAll('_', '/')
  const first = (alphabet.indexOf(standard[0]!) << 2) | (alphabet.indexOf(standard[1]!) >> 4)
  // Bytes that are no text: Go's scanner names the first of them.
  const text = first >= 0x80 ? String.fromCharCode(first) : decodeBase64Text(standard)
  const parsed = parseGoJson(text)
  if (!parsed.ok)
    throw refuse(
      first >= 0x80
        ? `invalid character '${String.fromCharCode(first)}' looking for beginning of value`
        : parsed.message,
    )
  const value = parsed.value as { v?: unknown; rv?: unknown; start?: unknown } | null
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(
      `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type storage.continueToken`,
    )
  if (value.v !== apiVersion) throw refuse(`server does not recognize this encoded version ${String(value.v ?? '')}`)
  if (!Number.isSafeInteger(value.rv) || value.rv === 0)
    throw refuse('incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  if (typeof value.start !== 'string' || value.start === '')
    throw refuse('encoded start key empty (version meta.k8s.io/v1)')
  if (/(^|\/)\.{0,2}(\/|$)/.test(value.start.replace(/^\//, ''))) throw refuse(value.start)
  return { revision: value.rv as number, start: value.start }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
