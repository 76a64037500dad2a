import { aggregate } from '../../../machinery/errors.ts'
import type { Etcd } from '../../etcd/etcd.ts'
import { decideForNode, nodeNameOf } from '../node-authorizer.ts'
import type { Attributes, Decision } from './attributes.ts'
import { ruleAllows } from './rule-matching.ts'
import { visitRules, type HeldRule } from './rule-resolver.ts'

/** May a user do something? Members of system:masters may do all, kubelets what they need; else bindings say. */
export function decide(etcd: Etcd, attributes: Attributes): Decision {
  const { user, resource } = attributes
  if (user.groups.includes('system:masters')) return { allowed: true, reason: '' }
  const node = nodeNameOf(user)
  const asNode = node === undefined ? undefined : decideForNode(etcd, node, attributes)
  if (asNode?.allowed) return asNode
  const errors: string[] = []
  let grantedBy: HeldRule | undefined
  visitRules(
    etcd,
    user,
    resource?.namespace ?? '',
    (held) => {
      if (ruleAllows(held.rule, attributes)) grantedBy = held
      return grantedBy !== undefined
    },
    (message) => errors.push(message),
  )
  if (grantedBy) return { allowed: true, reason: `RBAC: allowed by ${bindingText(grantedBy)}` }
  const reasons = [asNode?.reason, errors.length > 0 && `RBAC: ${aggregate(errors)}`].filter(Boolean)
  return { allowed: false, reason: reasons.join('\n') }
}

/** `RoleBinding "a/demo" of Role "b" to Group "c"`. */
function bindingText({ binding, subject }: HeldRule): string {
  const { metadata, roleRef, kind } = binding as any
  const name = metadata.namespace ? `${metadata.name}/${metadata.namespace}` : metadata.name
  const who =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || metadata.namespace}` : subject.name
  return `${kind} "${name}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`
}
