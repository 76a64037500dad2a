import { parseQuantity } from '../../machinery/quantity.ts'

/** Guaranteed, Burstable or BestEffort. Upstream: component-helpers ComputePodQOS. */
export function qosClassOf(pod: any): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const { spec } = pod
  let any = false
  let guaranteed = true
  const parts = spec.resources
    ? [{ resources: spec.resources }]
    : [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  for (const { resources } of parts) {
    const limits = positive(resources?.limits)
    const requests = positive(resources?.requests)
    if (Object.keys(limits).length || Object.keys(requests).length) any = true
    for (const name of ['cpu', 'memory']) {
      if (limits[name] === undefined) guaranteed = false
      else if (requests[name] !== undefined && requests[name] !== limits[name]) guaranteed = false
    }
  }
  if (!any) return 'BestEffort'
  return guaranteed ? 'Guaranteed' : 'Burstable'
}

function positive(list: Record<string, string> | undefined): Record<string, bigint> {
  const result: Record<string, bigint> = {}
  for (const name of ['cpu', 'memory']) {
    const nano = list?.[name] === undefined ? undefined : parseQuantity(list[name])?.nano
    if (nano !== undefined && nano > 0n) result[name] = nano
  }
  return result
}
