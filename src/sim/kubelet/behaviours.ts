import { matchesLabelSelector } from '../../machinery/selectors.ts'
import type { KubeletEnvironment } from './environment.ts'
import type { PodState } from './state.ts'

/** Objects that say the same as annotations do, for all pods that they select. Their CustomResourceDefinition is the user's. */
const resource = 'behaviours.kubecosm.dev'

/** How a pod's programs are meant to behave: its annotation kubecosm.dev/NAME, or the field of a Behaviour that selects it. */
export function behaviourOf(
  { api }: Pick<KubeletEnvironment, 'api'>,
  { pod }: PodState,
  name: string,
): string | undefined {
  const { annotations = {}, labels = {}, namespace } = pod.metadata
  const annotation = `kubecosm.dev/${name}`
  if (Object.hasOwn(annotations, annotation)) return annotations[annotation]
  if (api.etcd.entries(resource).size === 0) return undefined
  for (const { spec } of api.list(resource, namespace)) {
    if (typeof spec?.selector !== 'object' || !matchesLabelSelector(spec.selector, labels)) continue
    const value = Object.hasOwn(spec, name) ? spec[name] : undefined
    if (Array.isArray(value)) return value.join(',')
    if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return undefined
}
