import { compareQuantities } from '../../../machinery/quantity.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

type List = Readonly<Record<string, string>>

/**
 * The spec of a pod whose containers hold other resources than it asks for, with the most of both; of a resize that can
 * never be, only what they hold. Undefined when they hold what it asks for. Upstream: determineContainerReqs.
 */
export function resizing({ spec, status }: KubeObject): any {
  const statuses: readonly any[] = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  if (!statuses.some(({ resources, allocatedResources }) => resources?.requests || allocatedResources)) return undefined
  const infeasible = status.conditions?.some(
    (one: any) => one.type === 'PodResizePending' && one.status === 'True' && one.reason === 'Infeasible',
  )
  let differs = false
  const adjusted = (container: any): any => {
    const held = statuses.find(({ name }) => name === container.name)
    if (!held?.resources?.requests && !held?.allocatedResources) return container
    const asked: List = container.resources?.requests ?? {}
    const requests = mostOf([
      ...(infeasible ? [] : [asked]),
      held.resources?.requests ?? {},
      held.allocatedResources ?? {},
    ])
    if (sameAs(requests, asked)) return container
    differs = true
    return { ...container, resources: { ...container.resources, requests } }
  }
  const containers = spec.containers.map(adjusted)
  const initContainers = spec.initContainers?.map((one: any) => (one.restartPolicy === 'Always' ? adjusted(one) : one))
  return differs ? { ...spec, containers, ...(initContainers && { initContainers }) } : undefined
}

function mostOf(lists: readonly List[]): List {
  const most: Record<string, string> = {}
  for (const list of lists)
    for (const name in list)
      if (most[name] === undefined || compareQuantities(list[name]!, most[name]) > 0) most[name] = list[name]!
  return most
}

function sameAs(a: List, b: List): boolean {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => b[name] !== undefined && compareQuantities(a[name]!, b[name]) === 0)
  )
}
