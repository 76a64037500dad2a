import { forbidden, invalid, type FieldError } from '../../machinery/field-errors.ts'
import { defineKind, type Reference } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { podColumns } from './columns.ts'
import { applyPodDefaults } from './defaults.ts'
import { mergeMatchLabelKeys } from './match-label-keys.ts'
import { qosClassOf } from './qos.ts'
import { podReferences } from './references.ts'
import { ephemeralContainers, resize } from './subresources.ts'
import { validatePodSpecUpdate } from './update.ts'
import { validatePodSpec } from './validation.ts'
import { podSpecWarnings } from './warnings.ts'

/** Upstream: applySchedulingGatedCondition. */
const gated = {
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: null,
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
    },
  ],
}

export const Pod = defineKind({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Pod',
  hasGeneration: true,
  hasStatus: true,
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
    'status',
  ],
  applyDefaults: applyPodDefaults,
  prepareForCreate(pod) {
    mergeMatchLabelKeys(pod)
    pod.status = { phase: 'Pending', qosClass: qosClassOf(pod), ...(pod.spec.schedulingGates?.length && gated) }
  },
  prepareForUpdate(pod) {
    // The older field decides. Upstream: Convert_v1_PodStatus_To_core_PodStatus.
    const { podIP, podIPs } = pod.status ?? {}
    if (podIP && podIPs?.[0]?.ip !== podIP) pod.status = { ...pod.status, podIPs: [{ ip: podIP }] }
  },
  validate: (pod) => [
    ...namespacedMeta(pod),
    ...validatePodSpec(pod.spec ?? {}, 'spec'),
    ...validateNew(pod.spec ?? {}),
  ],
  subresourceUpdates: { resize, ephemeralcontainers: ephemeralContainers },
  validateUpdate: (pod, old) => [...metaUpdate(pod, old), ...namespacedMeta(pod), ...validatePodSpecUpdate(pod, old)],
  validateStatusUpdate(pod, old): FieldError[] {
    const errors = metaUpdate(pod, old)
    const qosClass = old.status?.qosClass
    if (qosClass && pod.status?.qosClass && pod.status.qosClass !== qosClass)
      errors.push(invalid('status.qosClass', pod.status.qosClass, 'field is immutable'))
    return errors
  },
  warnings: (pod) => podSpecWarnings(pod.spec ?? {}, 'spec'),
  columns: podColumns,
  references: (pod): Reference[] => podReferences(pod.spec ?? {}, pod.metadata.namespace ?? ''),
  selectableFields: ({ spec = {}, status = {} }) => ({
    'spec.nodeName': spec.nodeName ?? '',
    'spec.restartPolicy': spec.restartPolicy ?? '',
    'spec.schedulerName': spec.schedulerName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec.hostNetwork ?? false),
    'status.phase': status.phase ?? '',
    'status.podIP': status.podIP ?? '',
    'status.podIPs': status.podIP ?? '',
    'status.nominatedNodeName': status.nominatedNodeName ?? '',
  }),
})

/** What a pod may only come to have later. Upstream: ValidatePodCreate. */
function validateNew(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if (spec.nodeName && spec.schedulingGates?.length)
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  return errors
}
