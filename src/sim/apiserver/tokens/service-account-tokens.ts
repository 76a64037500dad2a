import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Identity } from '../request.ts'
import type { ApiServer } from '../server.ts'
import { signToken, verifiedClaims } from './jwt.ts'
import { accountOfLegacyToken, legacyIssuer } from './legacy-tokens.ts'

/** Who signs service account tokens, and whom they are for unless somebody else is named. */
export const issuer = 'https://kubernetes.default.svc'

const claimsField = 'kubernetes.io'
/** Clocks differ; a token is good for a minute longer. Upstream: go-jose's default leeway. */
const leewaySeconds = 60
const prefix = 'authentication.kubernetes.io/'

/** What a token is bound to: it ends with that object. */
export interface BoundObject {
  readonly kind: 'Pod' | 'Secret' | 'Node'
  readonly name: string
  readonly uid: string
}

export interface TokenContent {
  readonly account: KubeObject
  readonly audiences: readonly string[]
  readonly lifetimeSeconds: number
  readonly bound?: BoundObject | undefined
  /** The node of a bound pod. */
  readonly node?: { readonly name: string; readonly uid?: string } | undefined
  readonly warnAfterSeconds?: number | undefined
}

/** Makes a token for a ServiceAccount. Upstream: pkg/serviceaccount/claims.go. */
export function issueToken(api: ApiServer, content: TokenContent): string {
  const { account, bound, node, warnAfterSeconds } = content
  const { name, namespace, uid } = account.metadata
  const now = nowSeconds(api)
  const claims = {
    aud: content.audiences,
    exp: now + content.lifetimeSeconds,
    iat: now,
    iss: issuer,
    jti: api.uuid(),
    [claimsField]: {
      namespace,
      ...(node && { node }),
      ...(bound?.kind === 'Pod' && { pod: { name: bound.name, uid: bound.uid } }),
      ...(bound?.kind === 'Secret' && { secret: { name: bound.name, uid: bound.uid } }),
      ...(bound?.kind === 'Node' && { node: { name: bound.name, uid: bound.uid } }),
      serviceaccount: { name, uid },
      ...(warnAfterSeconds !== undefined && { warnafter: now + warnAfterSeconds }),
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  return signToken(claims, api.signingKey)
}

/**
 * The ServiceAccount behind a token, without system:authenticated; a text says why there is none.
 * Upstream: pkg/serviceaccount/claims.go, Validate.
 */
export function identityOfToken(api: ApiServer, token: string, audiences: readonly string[]): TokenOutcome {
  const claims = verifiedClaims(token, api.signingKey)
  if (claims?.iss === legacyIssuer) return identityOfLegacyToken(api, token, claims, audiences)
  if (!claims || claims.iss !== issuer) return refused('invalid bearer token')
  const forUs = (claims.aud as string[]).filter((one) => audiences.includes(one))
  if (forUs.length === 0)
    return refused(`token audiences ${show(claims.aud)} is invalid for the target audiences ${show(audiences)}`)
  const now = nowSeconds(api)
  if (now > claims.exp + leewaySeconds) return refused('service account token has expired')
  if (now < claims.nbf - leewaySeconds) return refused('service account token is not valid yet')
  const { namespace, serviceaccount, pod, secret, node } = claims[claimsField]
  const key = `${namespace}/${serviceaccount.name}`
  if (!isThere(api, 'serviceaccounts', key, serviceaccount.uid))
    return refused('service account token has been invalidated')
  if (secret && !isThere(api, 'secrets', `${namespace}/${secret.name}`, secret.uid))
    return refused('service account token has been invalidated')
  if (pod && !isThere(api, 'pods', `${namespace}/${pod.name}`, pod.uid))
    return refused('service account token has been invalidated')
  if (node && !pod && !isThere(api, 'nodes', node.name, node.uid))
    return refused('service account token has been invalidated')
  const extra: Record<string, string[]> = { [`${prefix}credential-id`]: [`JTI=${claims.jti}`] }
  if (node) {
    extra[`${prefix}node-name`] = [node.name]
    if (node.uid) extra[`${prefix}node-uid`] = [node.uid]
  }
  if (pod) {
    extra[`${prefix}pod-name`] = [pod.name]
    extra[`${prefix}pod-uid`] = [pod.uid]
  }
  const user = { ...serviceAccountIdentity(namespace, serviceaccount.name), uid: serviceaccount.uid as string, extra }
  return { user, audiences: forUs }
}

/** Tokens of Secrets have no audience: they are for this server. */
function identityOfLegacyToken(api: ApiServer, token: string, claims: any, audiences: readonly string[]): TokenOutcome {
  if (!audiences.includes(issuer)) return refused('invalid bearer token')
  const account = accountOfLegacyToken(api, token, claims)
  if (!account) return refused('service account token has been invalidated')
  const { name, namespace, uid } = account.metadata
  return { user: { ...serviceAccountIdentity(namespace!, name), uid }, audiences: [issuer] }
}

export type TokenOutcome =
  | { readonly user: Identity; readonly audiences: readonly string[] }
  | { readonly user?: undefined; readonly problem: string }

const refused = (problem: string): TokenOutcome => ({ problem })
const show = (list: readonly string[]) => `[${list.map((one) => JSON.stringify(one)).join(' ')}]`

/** Name and groups of a ServiceAccount. */
export function serviceAccountIdentity(namespace: string, name: string): Identity {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  }
}

function isThere(api: ApiServer, resource: string, key: string, uid: string | undefined): boolean {
  const object = api.etcd.get(resource, key)
  if (!object || object.metadata.uid !== uid) return false
  const { deletionTimestamp } = object.metadata
  return !deletionTimestamp || parseTime(deletionTimestamp) / 1000 > nowSeconds(api) - leewaySeconds
}

function nowSeconds(api: ApiServer): number {
  return Math.floor(api.clock.wall() / 1000)
}
