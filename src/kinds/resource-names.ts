/** Names of resources that need no domain. Upstream: pkg/apis/core/helper. */

const compute = ['cpu', 'memory', 'ephemeral-storage']
const requests = [...compute, 'storage'].map((name) => `requests.${name}`)
const limits = compute.map((name) => `limits.${name}`)
/** Objects that a quota counts by a name of their own. */
export const countedObjects: readonly string[] = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]

const quota = new Set([...compute, ...requests, ...limits, ...countedObjects])
const standard = new Set([...quota, 'storage'])

/** Huge pages come in many sizes: `hugepages-2Mi`. */
export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

/** May it be named without a domain? */
export function isStandardResource(name: string): boolean {
  return standard.has(name) || isHugePages(name)
}

/** May a quota limit it? */
export function isStandardQuotaResource(name: string): boolean {
  return quota.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-')
}

/** Is it one of a node's makers, as `example.com/gpu`: never overcommitted? */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.')
}
