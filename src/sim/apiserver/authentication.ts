import { unauthorized } from '../../machinery/errors.ts'
import type { Identity } from './request.ts'

const admin: Identity = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
/** Who the known bearer tokens are. */
const tokens: Readonly<Record<string, Identity>> = {
  devtoken: { name: 'dev', groups: ['developers', 'system:authenticated'] },
}

/** Who sends a request. Throws 401 for a token that nobody has. */
export function authenticate(headers: Readonly<Record<string, string>>): Identity {
  const header = headers.authorization
  if (header === undefined) return admin
  const token = header.replace(/^Bearer\s+/i, '')
  const known = Object.hasOwn(tokens, token) ? tokens[token] : undefined
  if (!known) throw unauthorized()
  return known
}
