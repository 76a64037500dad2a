import { applyPodTemplateDefaults } from './pod/defaults.ts'

/** Defaults of kinds without a folder of their own, by resource. Upstream: pkg/apis/<group>/<version>/defaults.go. */
export const storedDefaults: Readonly<Record<string, ((object: any) => void) | undefined>> = {
  'statefulsets.apps': ({ spec }) => {
    if (!spec) return
    applyPodTemplateDefaults(spec.template)
    spec.podManagementPolicy ??= 'OrderedReady'
    const strategy = (spec.updateStrategy ??= {})
    strategy.type ??= 'RollingUpdate'
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {}
      strategy.rollingUpdate.partition ??= 0
    }
    const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {})
    retention.whenDeleted ??= 'Retain'
    retention.whenScaled ??= 'Retain'
    spec.replicas ??= 1
    spec.revisionHistoryLimit ??= 10
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion ??= 'v1'
      claim.kind ??= 'PersistentVolumeClaim'
      claim.metadata ??= {}
      claim.spec ??= {}
      claim.spec.volumeMode ??= 'Filesystem'
      claim.status = { ...claim.status, phase: claim.status?.phase ?? 'Pending' }
    }
  },
  'daemonsets.apps': ({ spec }) => {
    if (!spec) return
    applyPodTemplateDefaults(spec.template)
    const strategy = (spec.updateStrategy ??= {})
    strategy.type ??= 'RollingUpdate'
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {}
      strategy.rollingUpdate.maxUnavailable ??= 1
      strategy.rollingUpdate.maxSurge ??= 0
    }
    spec.revisionHistoryLimit ??= 10
  },
  replicationcontrollers: ({ spec }) => {
    if (!spec) return
    applyPodTemplateDefaults(spec.template)
    spec.replicas ??= 1
    spec.selector ??= spec.template?.metadata?.labels
  },
  'horizontalpodautoscalers.autoscaling': ({ spec }) => {
    if (!spec) return
    spec.minReplicas ??= 1
    if (spec.behavior) applyScalingDefaults(spec.behavior)
    if (!spec.metrics?.length)
      spec.metrics = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ]
  },
  'networkpolicies.networking.k8s.io': ({ spec }) => {
    if (!spec) return
    spec.podSelector ??= {}
    spec.policyTypes ??= spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule.ports ?? []) port.protocol ??= 'TCP'
  },
}

/** Rules that are not said are the ones that hold without any. Upstream: GenerateHPAScaleUpRules, …ScaleDownRules. */
function applyScalingDefaults(behavior: any): void {
  const every15 = (type: string, value: number) => ({ type, value, periodSeconds: 15 })
  behavior.scaleUp = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [every15('Pods', 4), every15('Percent', 100)],
    ...behavior.scaleUp,
  }
  behavior.scaleDown = { selectPolicy: 'Max', policies: [every15('Percent', 100)], ...behavior.scaleDown }
}
