import { fromBase64Url, toBase64Url } from '../../../lib/base64url.ts'
import { hmacSha256 } from '../../../lib/sha256.ts'
import { utf8Bytes, utf8Text } from '../../../lib/utf8.ts'

const longest = 16_384

// What was checked once is known: a client sends its token with every request. Bounded, and a pure function's memo.
const memo = new Map<string, any>()
const memoLimit = 256

/** A signed token of three parts (RFC 7519, HS256: a page can keep no private key that others could check by a public one). */
export function signToken(claims: object, key: string): string {
  const head = encoded({ alg: 'HS256', typ: 'JWT' })
  const signed = `${head}.${encoded(claims)}`
  return `${signed}.${signatureOf(signed, key)}`
}

/** The claims of a token that was signed with this key and not changed since; undefined for anything else. */
export function verifiedClaims(token: string, key: string): any {
  if (token.length > longest) return undefined
  const known = memo.get(`${key} ${token}`)
  if (known) return known
  const parts = token.split('.')
  if (parts.length !== 3 || signatureOf(`${parts[0]}.${parts[1]}`, key) !== parts[2]) return undefined
  const bytes = fromBase64Url(parts[1]!)
  if (!bytes) return undefined
  // Signed here, so it is JSON that was written here.
  const claims = JSON.parse(utf8Text(bytes))
  if (memo.size >= memoLimit) memo.clear()
  memo.set(`${key} ${token}`, claims)
  return claims
}

const encoded = (value: object) => toBase64Url(Uint8Array.from(utf8Bytes(JSON.stringify(value))))

function signatureOf(text: string, key: string): string {
  return toBase64Url(hmacSha256(Uint8Array.from(utf8Bytes(key)), Uint8Array.from(utf8Bytes(text))))
}
