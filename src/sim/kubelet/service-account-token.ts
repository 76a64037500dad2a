import type { KubeObject } from '../../machinery/objects.ts'
import { issueToken, issuer } from '../apiserver/tokens/service-account-tokens.ts'
import type { KubeletEnvironment } from './environment.ts'

/** The token that a projected volume holds, bound to its pod. */
export function serviceAccountToken(
  { api, name }: KubeletEnvironment,
  { metadata, spec }: KubeObject,
  source: any,
): string {
  const account = api.find('serviceaccounts', `${metadata.namespace}/${spec.serviceAccountName ?? 'default'}`)
  if (!account) return ''
  const node = api.find('nodes', name)
  return issueToken(api, {
    account,
    audiences: [source.audience ?? issuer],
    lifetimeSeconds: source.expirationSeconds ?? 3600,
    bound: { kind: 'Pod', name: metadata.name, uid: metadata.uid },
    node: { name, ...(node && { uid: node.metadata.uid }) },
  })
}
