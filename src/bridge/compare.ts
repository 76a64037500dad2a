import { endpointsIn, isEndpointReady, serviceOf } from '../kinds/endpointslice/endpoints.ts'
import type { KubeObject, ObjectKey } from '../machinery/objects.ts'
import type { Cluster } from '../sim/cluster.ts'
import type { Difference } from './protocol.ts'

/** How an object stands, as kubectl would print it; undefined for what has no state of its own. */
const standings: Readonly<Record<string, (object: KubeObject) => string | undefined>> = {
  nodes: ({ spec, status }) => {
    const ready = status?.conditions?.find((one: any) => one.type === 'Ready')?.status
    return `${ready === 'True' ? 'Ready' : 'NotReady'}${spec?.unschedulable ? ',SchedulingDisabled' : ''}`
  },
  'deployments.apps': ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`,
  'statefulsets.apps': ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`,
  'daemonsets.apps': ({ status }) => `${status?.numberReady ?? 0}/${status?.desiredNumberScheduled ?? 0}`,
  'jobs.batch': ({ spec, status }) =>
    status?.conditions?.find((one: any) => one.status === 'True')?.type ??
    `${status?.succeeded ?? 0}/${spec?.completions ?? 1}`,
  persistentvolumeclaims: ({ status }) => status?.phase,
  persistentvolumes: ({ status }) => status?.phase,
}

/** What stands otherwise in one cluster than in another, in the order of resources and names. */
export function compare(here: Cluster, there: Cluster): Difference[] {
  const [ours, theirs] = [standingsOf(here), standingsOf(there)]
  const differences: Difference[] = []
  for (const id of new Set([...ours.keys(), ...theirs.keys()])) {
    const [one, other] = [ours.get(id), theirs.get(id)]
    if (one?.text === other?.text) continue
    const { resource, key } = (one ?? other)!
    differences.push({ resource, key, ...(one && { here: one.text }), ...(other && { there: other.text }) })
  }
  return differences.sort((a, b) => (a.resource + a.key < b.resource + b.key ? -1 : 1))
}

function standingsOf({ api }: Cluster): Map<string, { resource: string; key: ObjectKey; text: string }> {
  const found = new Map<string, { resource: string; key: ObjectKey; text: string }>()
  const put = (resource: string, key: ObjectKey, text: string) =>
    found.set(`${resource} ${key}`, { resource, key, text })
  for (const [resource, standing] of Object.entries(standings)) {
    for (const [key, { object }] of api.etcd.entries(resource)) {
      const text = standing(object)
      if (text !== undefined) put(resource, key, text)
    }
  }
  const endpoints = new Map<ObjectKey, [ready: number, all: number]>()
  for (const { object } of api.etcd.entries('endpointslices.discovery.k8s.io').values()) {
    const key = serviceOf(object)
    if (!key) continue
    const count = endpoints.get(key) ?? [0, 0]
    const all = endpointsIn(object)
    count[0] += all.filter(isEndpointReady).length
    count[1] += all.length
    endpoints.set(key, count)
  }
  for (const [key, [ready, all]] of endpoints)
    if (api.etcd.get('services', key)) put('services', key, `${ready}/${all}`)
  const phases = new Map<string, number>()
  for (const { object } of api.etcd.entries('pods').values()) {
    const phase: string = object.status?.phase ?? 'Unknown'
    phases.set(phase, (phases.get(phase) ?? 0) + 1)
  }
  for (const [phase, count] of phases) put('pods', phase, String(count))
  return found
}
