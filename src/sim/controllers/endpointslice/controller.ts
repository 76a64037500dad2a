import { deepEqual } from '../../../lib/deep-equal.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  timeFor,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'
import { readinessChangedAt } from '../../network/trigger-time.ts'
import { endpointOf, portsOf } from './endpoint.ts'
import { pack } from './pack.ts'
import {
  hasClusterIp,
  headlessLabel,
  isEndpoint,
  isSelecting,
  podsOfService,
  servicesOfPod,
  triggerTimeAnnotation,
} from '../../network/service-pods.ts'

const slices = 'endpointslices.discovery.k8s.io'
const managedBy = 'endpointslice-controller.k8s.io'
/** Upstream: --max-endpoints-per-slice. */
const maxPerSlice = 100

/** Keeps the addresses behind each Service with a selector in EndpointSlices. Upstream: k8s.io/endpointslice. */
export const endpointSliceController = defineController({
  name: 'endpointslice',
  component: 'endpoint-slice-controller',
  for: 'services',
  owns: [slices],
  ownerKind: 'Service',
  watches: { pods: (pod, { client }, { old }) => servicesOfPod(pod, client, old) },
  reconcile,
})

type Ports = readonly unknown[] | null

interface Wanted {
  /** The stored slice that becomes this one; undefined for a new one. */
  slice: any
  readonly ports: Ports
  readonly endpoints: readonly any[]
}

function reconcile(key: string, { client }: ReconcileContext): Result {
  const service = client.get('services', key)
  // Its slices go with it: the garbage collector sees to that.
  if (!service || service.metadata.deletionTimestamp || !isSelecting(service)) return done
  const pods = podsOfService(service, client).filter((pod) => isEndpoint(pod, true))
  const present: any[] = client
    .ownedBy(slices, service.metadata.uid)
    .filter((slice) => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy)
  const labels = labelsOf(service)
  const { kept, gone } = plan(service, pods, present, client, labels)
  if (kept.length > 0) {
    const trigger = present.length === 0 ? service.metadata.creationTimestamp : changedAt(pods, present)
    const annotations = trigger ? { [triggerTimeAnnotation]: trigger } : undefined
    for (const wanted of kept) writeSlice(service, wanted, labels, annotations, client)
  }
  for (const slice of gone) client.deleteIfPresent(slices, keyOf(slice))
  return { tookMs: timeFor(pods.length) }
}

/** What is to be written and what deleted; a slice that would be deleted becomes one that would be made. */
function plan(
  service: KubeObject,
  pods: readonly KubeObject[],
  present: readonly any[],
  client: ReconcileContext['client'],
  labels: Readonly<Record<string, string>>,
): { kept: Wanted[]; gone: any[] } {
  const kept: Wanted[] = []
  const made: Wanted[] = []
  const gone = new Set(present)
  for (const { ports, endpoints } of groupByPorts(service, pods, client)) {
    const ours = present.filter((slice) => gone.has(slice) && deepEqual(slice.ports ?? null, ports))
    for (const { slice, endpoints: members, changed } of pack(endpoints, ours, maxPerSlice)) {
      if (members.length === 0) continue
      if (!slice) made.push({ slice, ports, endpoints: members })
      else gone.delete(slice)
      if (slice && (changed || !deepEqual(slice.metadata.labels, labels)))
        kept.push({ slice, ports, endpoints: members })
    }
  }
  if (gone.size === present.length && made.length === 0) {
    // A Service without endpoints has one empty slice.
    const [only] = gone
    const isPlaceholder =
      gone.size === 1 && !only.ports?.length && !only.endpoints?.length && deepEqual(only.metadata.labels, labels)
    if (isPlaceholder) gone.clear()
    else made.push({ slice: undefined, ports: null, endpoints: [] })
  }
  for (const slice of [...gone]) {
    const last = made.pop()
    if (!last) break
    gone.delete(slice)
    kept.push({ ...last, slice })
  }
  return { kept: [...made, ...kept], gone: [...gone] }
}

function groupByPorts(
  service: KubeObject,
  pods: readonly KubeObject[],
  client: ReconcileContext['client'],
): { ports: Ports; endpoints: any[] }[] {
  const groups = new Map<string, { ports: Ports; endpoints: any[] }>()
  for (const pod of pods) {
    const ports = portsOf(service, pod)
    const key = JSON.stringify(ports)
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { ports, endpoints: [] }))
    group.endpoints.push(endpointOf(service, pod, client))
  }
  return [...groups.values()]
}

/** When the oldest of the changes happened that the slices do not show yet. */
function changedAt(pods: readonly KubeObject[], present: readonly any[]): string | undefined {
  const serving = new Map<string, boolean>()
  for (const { endpoints } of present)
    for (const { targetRef, conditions } of endpoints ?? []) serving.set(targetRef?.uid, conditions.serving)
  return readinessChangedAt(pods, (uid) => serving.get(uid))
}

function labelsOf(service: KubeObject): Record<string, string> {
  const { [headlessLabel]: _headless, ...labels } = service.metadata.labels ?? {}
  return {
    ...labels,
    ...(!hasClusterIp(service) && { [headlessLabel]: '' }),
    'kubernetes.io/service-name': service.metadata.name,
    'endpointslice.kubernetes.io/managed-by': managedBy,
  }
}

function writeSlice(
  service: KubeObject,
  { slice, ports, endpoints }: Wanted,
  labels: Record<string, string>,
  annotations: Record<string, string> | undefined,
  client: ReconcileContext['client'],
): void {
  const { name, namespace } = service.metadata
  const content = { ports, endpoints: endpoints.length > 0 ? endpoints : null }
  if (slice) {
    const { annotations: before, ...metadata } = slice.metadata
    const { [triggerTimeAnnotation]: _time, ...others } = before ?? {}
    const all = { ...others, ...annotations }
    const some = Object.keys(all).length > 0 && { annotations: all }
    client.update(slices, { ...slice, metadata: { ...metadata, labels, ...some }, ...content })
    return
  }
  const metadata = {
    generateName: `${name}-`,
    namespace,
    labels,
    ...(annotations && { annotations }),
    ownerReferences: [controllerReference(service)],
  }
  client.create(slices, { metadata, addressType: 'IPv4', ...content }, namespace)
}
