import { parseTime } from '../../lib/time.ts'
import { addQuantities, compareQuantities } from '../../machinery/quantity.ts'
import { podTotals, type Amounts } from '../pod/totals.ts'
import { isExtendedResource, isHugePages } from '../resource-names.ts'

/** What objects count for in quotas. Upstream: pkg/quota/v1/evaluator/core. */

const classSuffix = '.storageclass.storage.k8s.io/'
/** Kinds that may be counted by their plural alone. */
const countedByName = new Set(['replicationcontrollers', 'secrets', 'configmaps', 'resourcequotas'])
const podCompute = ['cpu', 'memory', 'ephemeral-storage']
const podResources = new Set([
  'pods',
  'count/pods',
  ...podCompute,
  ...podCompute.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
])
const serviceResources = new Set(['services', 'count/services', 'services.nodeports', 'services.loadbalancers'])
const claimResources = new Set(['persistentvolumeclaims', 'count/persistentvolumeclaims', 'requests.storage'])

/** Of the names that a quota limits, those that objects of a resource count for. */
export function namesCountedBy(resource: string, names: readonly string[]): string[] {
  switch (resource) {
    case 'pods':
      return names.filter((name) => podResources.has(name) || isHugePageQuota(name) || isExtendedQuota(name))
    case 'services':
      return names.filter((name) => serviceResources.has(name))
    case 'persistentvolumeclaims':
      return names.filter((name) => claimResources.has(name) || name.includes(classSuffix))
    default:
      return names.filter((name) => name === `count/${resource}` || (name === resource && countedByName.has(resource)))
  }
}

const isHugePageQuota = (name: string) => isHugePages(name) || name.startsWith('requests.hugepages-')
const isExtendedQuota = (name: string) => name.startsWith('requests.') && isExtendedResource(name.slice(9))

/** The resources whose objects a quota's names count; `count/deployments.apps` names its own. */
export function resourcesCountedBy(names: readonly string[]): string[] {
  const resources = new Set<string>()
  for (const name of names) {
    if (podResources.has(name) || isHugePageQuota(name) || isExtendedQuota(name)) resources.add('pods')
    else if (serviceResources.has(name)) resources.add('services')
    else if (claimResources.has(name) || name.includes(classSuffix)) resources.add('persistentvolumeclaims')
    else if (name.startsWith('count/')) resources.add(name.slice(6))
    else if (countedByName.has(name)) resources.add(name)
  }
  return [...resources].sort()
}

/** What one object counts for. `nowMs` is the virtual time since the epoch. */
export function usageOf(resource: string, object: any, nowMs: number): Record<string, string> {
  switch (resource) {
    case 'pods':
      return podUsage(object, nowMs)
    case 'services':
      return serviceUsage(object)
    case 'persistentvolumeclaims':
      return claimUsage(object)
    default:
      return { [`count/${resource}`]: '1', ...(countedByName.has(resource) && { [resource]: '1' }) }
  }
}

function podUsage(pod: any, nowMs: number): Record<string, string> {
  const usage: Record<string, string> = { 'count/pods': '1' }
  if (!holdsResources(pod, nowMs)) return usage
  usage.pods = '1'
  return Object.assign(usage, computeUsage(podTotals(pod.spec, 'requests'), podTotals(pod.spec, 'limits')))
}

/** Requests and limits under the names by which quotas know them. */
export function computeUsage(requests: Amounts, limits: Amounts): Record<string, string> {
  const usage: Record<string, string> = {}
  for (const name of Object.keys(requests)) {
    const amount = requests[name]!
    if (podCompute.includes(name) || isHugePages(name)) usage[name] = amount
    if (podCompute.includes(name) || isHugePages(name) || isExtendedResource(name)) usage[`requests.${name}`] = amount
  }
  for (const name of Object.keys(limits)) if (podCompute.includes(name)) usage[`limits.${name}`] = limits[name]!
  return usage
}

/** A pod that has ended, or should be gone for long, holds nothing. */
export function holdsResources({ metadata, status }: any, nowMs: number): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return false
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata
  if (!deletionTimestamp || deletionGracePeriodSeconds === undefined) return true
  return nowMs <= parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000
}

function serviceUsage({ spec }: any): Record<string, string> {
  const usage: Record<string, string> = { services: '1', 'count/services': '1' }
  usage['services.nodeports'] = '0'
  usage['services.loadbalancers'] = '0'
  const ports: any[] = spec?.ports ?? []
  if (spec?.type === 'NodePort') usage['services.nodeports'] = String(ports.length)
  if (spec?.type === 'LoadBalancer') {
    usage['services.loadbalancers'] = '1'
    const withPorts = spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort) : ports
    usage['services.nodeports'] = String(withPorts.length)
  }
  return usage
}

function claimUsage({ spec, status }: any): Record<string, string> {
  const usage: Record<string, string> = { persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1' }
  const className: string | undefined = spec?.storageClassName
  if (className) usage[`${className}${classSuffix}persistentvolumeclaims`] = '1'
  const asked: string | undefined = spec?.resources?.requests?.storage
  if (asked === undefined) return usage
  const allocated: string | undefined = status?.allocatedResources?.storage
  const storage = allocated !== undefined && compareQuantities(allocated, asked) > 0 ? allocated : asked
  usage['requests.storage'] = storage
  if (className) usage[`${className}${classSuffix}requests.storage`] = storage
  return usage
}

/** Both together. */
export function addAmounts(left: Amounts, right: Amounts): Record<string, string> {
  const sum: Record<string, string> = { ...left }
  for (const name of Object.keys(right))
    sum[name] = Object.hasOwn(sum, name) ? addQuantities(sum[name]!, right[name]!) : right[name]!
  return sum
}

/** Only these names, in their order. */
export function masked(amounts: Amounts, names: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {}
  for (const name of names) if (Object.hasOwn(amounts, name)) result[name] = amounts[name]!
  return result
}

/** Are they as much, however they are written? */
export function equalAmounts(left: Amounts, right: Amounts): boolean {
  const names = Object.keys(left)
  if (names.length !== Object.keys(right).length) return false
  return names.every((name) => Object.hasOwn(right, name) && compareQuantities(left[name]!, right[name]!) === 0)
}
