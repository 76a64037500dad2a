import { deepEqual } from '../../../lib/deep-equal.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { Client } from '../../client/client.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'

const resource = 'clusterroles.rbac.authorization.k8s.io'

/**
 * A ClusterRole with an aggregation rule has the rules of all roles that it selects, and none of its own.
 * Upstream: pkg/controller/clusterroleaggregation.
 */
export const clusterRoleAggregationController = defineController({
  name: 'clusterrole-aggregation',
  component: 'clusterrole-aggregation-controller',
  for: resource,
  watches: {
    // Any role may be part of any that aggregates.
    [resource]: (_role, { client }) => client.list(resource).filter(aggregates).map(keyOf),
  },
  reconcile,
})

const aggregates = (role: KubeObject): boolean => (role as any).aggregationRule !== undefined

function reconcile(key: string, { client }: ReconcileContext): Result {
  const role: any = client.get(resource, key)
  if (!role?.aggregationRule) return done
  const rules = gatheredRules(client, role)
  if (deepEqual(rules, role.rules ?? [])) return done
  const { apiVersion, kind, metadata } = role
  const patch = {
    apiVersion,
    kind,
    metadata: { name: metadata.name },
    ...(rules.length > 0 && { rules }),
  } as KubeObject
  client.patch(
    resource,
    key,
    { type: 'apply', patch },
    { fieldManager: 'clusterrole-aggregation-controller', force: true },
  )
  return done
}

/** Selector by selector, the rules of the selected roles in the order of their names, each rule once. */
function gatheredRules(client: Client, role: any): unknown[] {
  const others = client
    .list(resource)
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const rules: unknown[] = []
  for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
    for (const other of others) {
      if (!matchesLabelSelector(selector, other.metadata.labels ?? {})) continue
      for (const rule of (other as any).rules ?? []) if (!rules.some((one) => deepEqual(one, rule))) rules.push(rule)
    }
  }
  return rules
}
