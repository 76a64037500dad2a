import type { KubeObject } from '../../machinery/objects.ts'
import type { KubeletEnvironment } from './environment.ts'

/** Who a token is for that says nothing: the API server itself. */
const ownAudience = 'https://kubernetes.default.svc'

/** The token that a projected volume holds, bound to its pod. */
export function serviceAccountToken(
  { client, name }: KubeletEnvironment,
  { metadata, spec }: KubeObject,
  source: any,
): string {
  const account = client.live('serviceaccounts', `${metadata.namespace}/${spec.serviceAccountName ?? 'default'}`)
  if (!account) return ''
  const node = client.live('nodes', name)
  return client.token({
    account,
    audiences: [source.audience ?? ownAudience],
    lifetimeSeconds: source.expirationSeconds ?? 3600,
    bound: { kind: 'Pod', name: metadata.name, uid: metadata.uid },
    node: { name, ...(node && { uid: node.metadata.uid }) },
  })
}
