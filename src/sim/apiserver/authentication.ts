import { unauthorized } from '../../machinery/errors.ts'
import { impersonated } from './impersonation.ts'
import type { Identity } from './request.ts'
import type { ApiServer } from './server.ts'
import { identityOfToken, issuer } from './tokens/service-account-tokens.ts'

/** A bearer token that a server knows from the start. Upstream: --token-auth-file. */
export interface StaticToken {
  readonly token: string
  readonly user: Identity
}

/** The administrator, as kubeadm's admin.conf names them. */
export const administrator: Identity = {
  name: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
}

const anonymous: Identity = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/**
 * Who sends a request: the one whom its connection names, else the one whose token it carries, else nobody in
 * particular. Impersonation headers make it somebody else. Throws 401 for a token that is not good.
 */
export function authenticate(
  api: ApiServer,
  headers: Readonly<Record<string, string>>,
  connection: Identity | undefined,
): Identity {
  return impersonated(api, connection ?? bearer(api, headers.authorization), headers)
}

function bearer(api: ApiServer, header: string | undefined): Identity {
  const [scheme = '', token = ''] = (header ?? '').trim().split(' ', 2)
  // Upstream knows no other scheme, and who says nothing that it knows is nobody in particular.
  if (scheme.toLowerCase() !== 'bearer' || token === '') return anonymous
  const user = identityOfBearer(api, token)
  if (!user) throw unauthorized()
  return user
}

/** Whose token it is; undefined when it is nobody's, or no longer. */
function identityOfBearer(api: ApiServer, token: string): Identity | undefined {
  const found = api.tokens.find((one) => one.token === token)?.user ?? identityOfToken(api, token, [issuer]).user
  return found && withGroup(found, 'system:authenticated')
}

function withGroup(user: Identity, group: string): Identity {
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] }
}

/** A token's owner for a TokenReview, with the audiences it is good for; a text when it is no good. */
export function reviewToken(
  api: ApiServer,
  token: string,
  asked: readonly string[],
): { readonly user: Identity; readonly audiences: readonly string[] } | string {
  const audiences = asked.length > 0 ? asked : [issuer]
  const known = api.tokens.find((one) => one.token === token)?.user
  // A static token knows no audience: it is for this server.
  if (known && audiences.includes(issuer))
    return { user: withGroup(known, 'system:authenticated'), audiences: [issuer] }
  const outcome = identityOfToken(api, token, audiences)
  if (!outcome.user) return outcome.problem
  return { user: withGroup(outcome.user, 'system:authenticated'), audiences: outcome.audiences }
}
