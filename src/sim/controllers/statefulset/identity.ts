import type { KubeObject } from '../../../machinery/objects.ts'
import { podFromTemplate } from '../../controller-runtime/pod-control.ts'
import { revisionHashLabel } from '../../controller-runtime/history.ts'

const podNameLabel = 'statefulset.kubernetes.io/pod-name'
const podIndexLabel = 'apps.kubernetes.io/pod-index'

/** The number at the end of a pod's name if it is named as one of the set's pods are, else -1. */
export function ordinalOf(set: KubeObject, pod: KubeObject): number {
  const { name } = pod.metadata
  const prefix = `${set.metadata.name}-`
  if (!name.startsWith(prefix) || !/^\d{1,10}$/.test(name.slice(prefix.length))) return -1
  const ordinal = Number(name.slice(prefix.length))
  return ordinal <= 0x7fffffff ? ordinal : -1
}

export function startOrdinal(set: KubeObject): number {
  return set.spec.ordinals?.start ?? 0
}

/** Is a pod one of those that should be there? */
export function isInRange(set: KubeObject, pod: KubeObject): boolean {
  const index = ordinalOf(set, pod) - startOrdinal(set)
  return index >= 0 && index < set.spec.replicas
}

/** The claims of a pod, as the set's templates say, by template. */
export function claimsFor(set: KubeObject, podName: string): { volume: string; claim: any }[] {
  const templates: readonly any[] = set.spec.volumeClaimTemplates ?? []
  return templates.map(({ metadata, spec }) => {
    const labels = { ...metadata.labels, ...set.spec.selector.matchLabels }
    return {
      volume: metadata.name,
      claim: {
        metadata: {
          ...(metadata.annotations && { annotations: metadata.annotations }),
          ...(metadata.finalizers && { finalizers: metadata.finalizers }),
          ...(Object.keys(labels).length > 0 && { labels }),
          name: `${metadata.name}-${podName}`,
          namespace: set.metadata.namespace,
        },
        spec,
      },
    }
  })
}

/** The pod of an ordinal as a template says, with its name, its place and its claims. */
export function podFor(set: KubeObject, ordinal: number, template: any, revision: string): any {
  const { metadata, spec } = podFromTemplate(set, template)
  const name = `${set.metadata.name}-${ordinal}`
  const pod = {
    metadata: { ...metadata, name, labels: { ...metadata.labels, [revisionHashLabel]: revision } },
    spec: { ...spec, hostname: name, ...(set.spec.serviceName && { subdomain: set.spec.serviceName }) },
  }
  if (!set.spec.serviceName) delete pod.spec.subdomain
  return withIdentity(withStorage(pod, set))
}

/** Does a pod have the labels that its name implies? */
export function hasIdentity(pod: KubeObject): boolean {
  return pod.metadata.labels?.[podNameLabel] === pod.metadata.name
}

/** The pod with the labels that its name implies. */
export function withIdentity<Pod extends { metadata: any }>(pod: Pod): Pod {
  const { name, labels } = pod.metadata
  const index = name.slice(name.lastIndexOf('-') + 1)
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...labels, [podNameLabel]: name, [podIndexLabel]: String(Number(index)) } },
  }
}

/** Does a pod mount the claims that are its own? */
export function hasStorage(pod: KubeObject, set: KubeObject): boolean {
  const volumes: readonly any[] = pod.spec.volumes ?? []
  return claimsFor(set, pod.metadata.name).every(({ volume, claim }) =>
    volumes.some((one) => one.name === volume && one.persistentVolumeClaim?.claimName === claim.metadata.name),
  )
}

/** The pod with volumes for its own claims, which take the place of others of the same name. */
export function withStorage<Pod extends { metadata: any; spec?: any }>(pod: Pod, set: KubeObject): Pod {
  const claims = claimsFor(set, pod.metadata.name)
  if (claims.length === 0) return pod
  const own = claims.map(({ volume, claim }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: claim.metadata.name },
  }))
  const others = (pod.spec.volumes ?? []).filter((one: any) => !own.some(({ name }) => name === one.name))
  return { ...pod, spec: { ...pod.spec, volumes: [...own, ...others] } }
}
