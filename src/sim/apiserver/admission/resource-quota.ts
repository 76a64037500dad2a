import {
  computeUsage,
  addAmounts,
  equalAmounts,
  masked,
  namesCountedBy,
  usageOf,
} from '../../../kinds/resourcequota/usage.ts'
import { isInScope } from '../../../kinds/resourcequota/scopes.ts'
import type { Amounts } from '../../../kinds/pod/totals.ts'
import { forbiddenRequest } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { compareQuantities, parseQuantity, subtractQuantities } from '../../../machinery/quantity.ts'
import { groupName } from '../group-names.ts'
import type { Draft, RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

/** What each container has to say when a quota limits it. */
const mustBeSaid = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']
/** What may come to count for more while it is there. */
const countedOnUpdate = new Set(['services', 'persistentvolumeclaims'])

/**
 * Refuses what would exceed a quota of the namespace, and counts what it lets pass; the quota controller counts
 * again. Upstream: apiserver/pkg/admission/plugin/resourcequota.
 */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(api, context, object, old) {
    const { resource, namespace, subresource } = context
    if (!namespace || api.etcd.entries('resourcequotas').size === 0) return
    const isResize = resource === 'pods' && subresource === 'resize'
    if ((subresource && !isResize) || (old && !isResize && !countedOnUpdate.has(resource))) return
    const quotas = quotasOf(api, namespace)
    if (quotas.length > 0) charge(api, context, quotas, object as KubeObject, old)
  },
}

function quotasOf(api: ApiServer, namespace: string): KubeObject[] {
  const entries = api.etcd.entries('resourcequotas')
  const keys = api.etcd.keys('resourcequotas').filter((key) => key.startsWith(`${namespace}/`))
  return keys.map((key) => entries.get(key)!.object)
}

function charge(
  api: ApiServer,
  context: RequestContext,
  quotas: readonly KubeObject[],
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  const { resource, kind } = context
  const refuse = (detail: string) => forbiddenRequest(groupName(kind), object.metadata.name, detail)
  const concerned = quotas.filter((quota) => {
    const { name } = quota.metadata
    const names = namesCountedBy(resource, Object.keys(quota.status?.hard ?? {}))
    if (names.length === 0 || !isInScope(quota.spec, resource, object)) return false
    if (resource === 'pods') {
      const silent = unsaid(object, names)
      if (silent) throw refuse(`failed quota: ${name}: must specify ${silent}`)
    }
    if (!names.every((one) => Object.hasOwn(quota.status?.used ?? {}, one)))
      throw refuse(`status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}`)
    return true
  })
  if (concerned.length === 0) return
  const more = additional(api, resource, object, old)
  if (Object.keys(more).length === 0) return
  const charged = concerned.map((quota) => {
    const { hard, used } = quota.status
    const requested = masked(more, Object.keys(hard).sort())
    const next = addAmounts(used, requested)
    const exceeded = Object.keys(requested).filter((name) => compareQuantities(next[name]!, hard[name]) > 0)
    if (exceeded.length > 0)
      throw refuse(
        `exceeded quota: ${quota.metadata.name}, requested: ${text(requested, exceeded)}, used: ${text(used, exceeded)}, limited: ${text(hard, exceeded)}`,
      )
    return { quota, used: next }
  })
  if (context.dryRun) return
  for (const { quota, used } of charged)
    if (!equalAmounts(used, quota.status.used))
      api.update(
        'resourcequotas',
        { ...quota, status: { ...quota.status, used } },
        { subresource: 'status', fieldManager: 'kube-apiserver' },
      )
}

/** What the object counts for, beyond what it counted for before. */
function additional(
  api: ApiServer,
  resource: string,
  object: KubeObject,
  old: KubeObject | undefined,
): Record<string, string> {
  const now = api.clock.wall()
  const usage = usageOf(resource, object, now)
  const before = old ? usageOf(resource, old, now) : {}
  const more: Record<string, string> = {}
  for (const name of new Set([...Object.keys(usage), ...Object.keys(before)])) {
    const amount = subtractQuantities(usage[name] ?? '0', before[name] ?? '0')
    if ((parseQuantity(amount)?.nano ?? 0n) !== 0n) more[name] = old ? amount : usage[name]!
  }
  return more
}

/** `limits.memory for: a; requests.cpu for: a,b`, or undefined when every container says all. */
function unsaid({ spec }: Pick<Draft, 'spec'>, names: readonly string[]): string | undefined {
  if (Object.keys(spec.resources?.requests ?? {}).length > 0 || Object.keys(spec.resources?.limits ?? {}).length > 0)
    return undefined
  const wanted = mustBeSaid.filter((name) => names.includes(name)).sort()
  if (wanted.length === 0) return undefined
  const silent = new Map<string, Set<string>>()
  for (const { name, resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    const said = computeUsage(resources?.requests ?? {}, resources?.limits ?? {})
    for (const one of wanted) if (!Object.hasOwn(said, one)) silent.set(one, (silent.get(one) ?? new Set()).add(name))
  }
  const parts = wanted.filter((one) => silent.has(one))
  if (parts.length === 0) return undefined
  return parts.map((one) => `${one} for: ${[...silent.get(one)!].sort().join(',')}`).join('; ')
}

const text = (amounts: Amounts, names: readonly string[]) => names.map((name) => `${name}=${amounts[name]}`).join(',')
