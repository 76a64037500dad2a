import type { Cluster } from '../../sim/cluster.ts'
import { keyOf } from '../../machinery/objects.ts'
import type { Asked } from './explain.ts'
import { Look } from './look.ts'
import type { Usage } from './types.ts'

/** What a node, a pod or all pods of a workload use at this moment; null where nobody can tell. */
export function usageOf(cluster: Cluster, { resource, namespace, name }: Asked): Usage | null {
  const { machines } = cluster
  const kubelet = (node: string) => {
    const machine = machines.get(node)
    return machine?.plugged && machine.powered ? machines.kubelet(node) : undefined
  }
  const at = cluster.now()
  if (resource === 'nodes') {
    const usage = kubelet(name)?.usage()
    return usage ? { at, ...usage } : null
  }
  const look = new Look(cluster)
  const key = namespace ? `${namespace}/${name}` : name
  const object = look.get(resource, key)
  if (!object) return null
  const pods = resource === 'pods' ? [object] : look.podsOf({ resource, key, object })
  const wanted = new Set(pods.map(keyOf))
  const nodes = new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []))
  let [milliCPU, memoryBytes, told] = [0, 0, 0]
  for (const node of nodes) {
    for (const { containers } of kubelet(node)?.podUsages((pod) => wanted.has(keyOf(pod))) ?? []) {
      told++
      for (const container of containers) {
        milliCPU += container.milliCPU
        memoryBytes += container.memoryBytes
      }
    }
  }
  return told > 0 ? { at, milliCPU, memoryBytes } : null
}
