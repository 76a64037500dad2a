import type { Etcd } from '../../etcd/etcd.ts'
import type { AdmissionPlugin } from './chain.ts'

const copied = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'] as const

/** A pod tells where it runs: zone and region of its node. Upstream: plugin/pkg/admission/podtopologylabels. */
export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource || !pod.spec.nodeName) return
    const labels = topologyLabelsOf(api.etcd, pod.spec.nodeName)
    if (labels) pod.metadata.labels = { ...pod.metadata.labels, ...labels }
  },
}

/** What a node's labels say of where it is; undefined when they say nothing. */
export function topologyLabelsOf(etcd: Etcd, node: string): Record<string, string> | undefined {
  const labels = etcd.get('nodes', node)?.metadata.labels
  let found: Record<string, string> | undefined
  if (labels) for (const name of copied) if (labels[name] !== undefined) (found ??= {})[name] = labels[name]
  return found
}
