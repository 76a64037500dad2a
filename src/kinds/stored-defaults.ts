import { applyPodTemplateDefaults } from './pod/defaults.ts'

/** Defaults of kinds without a folder of their own, by resource. Upstream: pkg/apis/<group>/<version>/defaults.go. */
export const storedDefaults: Readonly<Record<string, ((object: any) => void) | undefined>> = {
  podtemplates: ({ template }) => applyPodTemplateDefaults(template),
  endpoints: ({ subsets }) => {
    for (const subset of subsets ?? []) for (const port of subset?.ports ?? []) port.protocol ??= 'TCP'
  },
  'csidrivers.storage.k8s.io': ({ spec }) => {
    if (!spec) return
    spec.attachRequired ??= true
    spec.podInfoOnMount ??= false
    spec.storageCapacity ??= false
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType'
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent']
    spec.requiresRepublish ??= false
    spec.seLinuxMount ??= false
  },
  'flowschemas.flowcontrol.apiserver.k8s.io': ({ spec }) => {
    if (spec && !spec.matchingPrecedence) spec.matchingPrecedence = 1000
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': ({ spec }) => {
    const { exempt, limited } = spec ?? {}
    if (exempt) {
      exempt.nominalConcurrencyShares ??= 0
      exempt.lendablePercent ??= 0
    }
    if (!limited) return
    limited.nominalConcurrencyShares ??= 30
    limited.lendablePercent ??= 0
    const queuing = limited.limitResponse?.queuing
    if (!queuing) return
    queuing.queues ||= 64
    queuing.handSize ||= 8
    queuing.queueLengthLimit ||= 50
  },
  'validatingwebhookconfigurations.admissionregistration.k8s.io': ({ webhooks }) => {
    for (const hook of webhooks ?? []) applyWebhookDefaults(hook)
  },
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': ({ webhooks }) => {
    for (const hook of webhooks ?? []) {
      applyWebhookDefaults(hook)
      hook.reinvocationPolicy ??= 'Never'
    }
  },
  'resourceclaims.resource.k8s.io': ({ spec }) => applyDeviceDefaults(spec?.devices),
  'resourceclaimtemplates.resource.k8s.io': ({ spec }) => applyDeviceDefaults(spec?.spec?.devices),
}

function applyWebhookDefaults(hook: any): void {
  hook.failurePolicy ??= 'Fail'
  hook.matchPolicy ??= 'Equivalent'
  hook.namespaceSelector ??= {}
  hook.objectSelector ??= {}
  hook.timeoutSeconds ??= 10
  if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443
  for (const rule of hook.rules ?? []) rule.scope ??= '*'
}

function applyDeviceDefaults(devices: any): void {
  for (const request of devices?.requests ?? [])
    for (const one of [request?.exactly, ...(request?.firstAvailable ?? [])]) {
      if (!one) continue
      one.allocationMode ??= 'ExactCount'
      if (one.allocationMode === 'ExactCount' && !one.count) one.count = 1
    }
}
