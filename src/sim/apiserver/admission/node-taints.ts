import type { AdmissionPlugin } from './chain.ts'

/** A new node is not ready until its kubelet says so. Upstream: TaintNodesByCondition. */
export const nodeTaints: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  admit(_api, context, node, old) {
    if (context.resource !== 'nodes' || old) return
    const taints: any[] = node.spec?.taints ?? []
    if (taints.some((taint) => taint.key === 'node.kubernetes.io/not-ready' && taint.effect === 'NoSchedule')) return
    node.spec = { ...node.spec, taints: [...taints, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] }
  },
}
