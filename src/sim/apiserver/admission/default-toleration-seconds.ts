import type { AdmissionPlugin } from './chain.ts'

const notReady = 'node.kubernetes.io/not-ready'
const unreachable = 'node.kubernetes.io/unreachable'

/** A pod that says nothing of it stays five minutes on a node that is lost. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  admit(_api, context, pod) {
    if (context.resource !== 'pods' || context.subresource) return
    const tolerations: any[] = pod.spec.tolerations ?? []
    const added: any[] = []
    for (const key of [notReady, unreachable]) {
      const tolerated = tolerations.some(
        (one) => (one.key === key || !one.key) && (one.effect === 'NoExecute' || !one.effect),
      )
      if (!tolerated) added.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
    }
    if (added.length > 0) pod.spec.tolerations = [...tolerations, ...added]
  },
}
