import { deepEqual } from '../../../lib/deep-equal.ts'
import { forbiddenRequest } from '../../../machinery/errors.ts'
import { mergedTolerations } from '../../../machinery/taints.ts'
import type { Draft } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"

/** Adds what a pod's runtime costs, and where it may run. Upstream: plugin/pkg/admission/runtimeclass. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource || !pod.spec.runtimeClassName) return
    const { overhead, scheduling } = classOf(api, pod)
    const { spec } = pod
    if (overhead) {
      if (spec.overhead && !deepEqual(spec.overhead, overhead.podFixed)) throw refused(pod, mismatch)
      if (overhead.podFixed) spec.overhead = { ...overhead.podFixed }
    }
    if (!scheduling) return
    if (scheduling.nodeSelector) spec.nodeSelector = merged(pod, scheduling.nodeSelector)
    if (scheduling.tolerations) spec.tolerations = mergedTolerations(spec.tolerations ?? [], scheduling.tolerations)
  },
  validate(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource) return
    const { overhead, runtimeClassName } = pod.spec
    if (!overhead && !runtimeClassName) return
    const fixed = runtimeClassName ? classOf(api, pod).overhead?.podFixed : undefined
    if (!fixed && overhead)
      throw refused(pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
    if (fixed && !deepEqual(overhead, fixed)) throw refused(pod, mismatch)
  },
}

function classOf(api: ApiServer, pod: Draft): any {
  const name: string = pod.spec.runtimeClassName
  const found = api.etcd.get('runtimeclasses.node.k8s.io', name)
  if (!found) throw refused(pod, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`)
  return found
}

function merged(pod: Draft, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const selector: Record<string, string> = { ...pod.spec.nodeSelector }
  for (const key of Object.keys(wanted).sort()) {
    if (Object.hasOwn(selector, key) && selector[key] !== wanted[key])
      throw refused(
        pod,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${wanted[key]}; pod.spec.nodeSelector[${key}] = ${selector[key]}`,
      )
    selector[key] = wanted[key]!
  }
  return selector
}

const refused = (pod: Draft, detail: string) => forbiddenRequest({ group: '', name: 'pods' }, pod.metadata.name, detail)
