import { encodeBase64Text } from '../../../lib/base64.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { ApiServer } from '../server.ts'
import { signToken } from './jwt.ts'

/** Tokens that live in a Secret as long as it does, for those who make one by hand. */

export const legacyIssuer = 'kubernetes/serviceaccount'
const field = (name: string) => `${legacyIssuer}/${name}`

/** The token that a Secret of type kubernetes.io/service-account-token holds. Upstream: serviceaccount.LegacyClaims. */
export function issueLegacyToken(api: ApiServer, account: KubeObject, secret: KubeObject): string {
  const { name, namespace, uid } = account.metadata
  const claims = {
    iss: legacyIssuer,
    [field('namespace')]: namespace,
    [field('secret.name')]: secret.metadata.name,
    [field('service-account.name')]: name,
    [field('service-account.uid')]: uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  return signToken(claims, api.signingKey)
}

/** The account that such a token is of; undefined when its Secret or the account is gone. */
export function accountOfLegacyToken(api: ApiServer, token: string, claims: any): KubeObject | undefined {
  const namespace: string = claims[field('namespace')]
  const secret: any = api.etcd.get('secrets', `${namespace}/${claims[field('secret.name')]}`)
  if (!secret || secret.metadata.deletionTimestamp || secret.data?.token !== encodeBase64Text(token)) return undefined
  const account = api.etcd.get('serviceaccounts', `${namespace}/${claims[field('service-account.name')]}`)
  if (!account || account.metadata.deletionTimestamp) return undefined
  return account.metadata.uid === claims[field('service-account.uid')] ? account : undefined
}
