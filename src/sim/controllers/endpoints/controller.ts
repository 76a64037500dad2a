import { deepEqual } from '../../../lib/deep-equal.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  timeFor,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import {
  hasClusterIp,
  headlessLabel,
  isSelecting,
  podsOfService,
  servicesOfPod,
  triggerTimeAnnotation,
} from '../../network/service-pods.ts'
import { readinessChangedAt } from '../../network/trigger-time.ts'
import { subsetsOf, truncated, type Subset } from './subsets.ts'

const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity'

/** Keeps the older Endpoints of each Service with a selector. Upstream: pkg/controller/endpoint. */
export const endpointsController = defineController({
  name: 'endpoints',
  component: 'endpoint-controller',
  for: 'services',
  watches: {
    pods: (pod, { client }, { old }) => servicesOfPod(pod, client, old),
    endpoints: ({ metadata }, { client }) => {
      const key = `${metadata.namespace}/${metadata.name}`
      return client.get('services', key) ? [key] : []
    },
  },
  reconcile,
})

function reconcile(key: string, { client }: ReconcileContext): Result {
  const service = client.get('services', key)
  if (!service) {
    // They have no owner, so nobody else takes them away.
    if (client.get('endpoints', key)) client.deleteIfPresent('endpoints', key)
    return done
  }
  if (service.metadata.deletionTimestamp || !isSelecting(service)) return done
  const pods = podsOfService(service, client)
  const all = subsetsOf(service, pods)
  const cut = truncated(all)
  const present: any = client.get('endpoints', key)
  const labels = labelsOf(service)
  const annotations = present?.metadata.annotations ?? {}
  const same =
    present &&
    deepEqual(present.subsets ?? [], cut ?? all) &&
    deepEqual(present.metadata.labels, labels) &&
    (annotations[overCapacityAnnotation] === 'truncated') === (cut !== undefined)
  if (!same) {
    const trigger = present ? readinessChangedAt(pods, shownBy(present)) : service.metadata.creationTimestamp
    write(
      service,
      present,
      cut ?? all,
      labels,
      { ...annotations, ...annotationsFor(trigger, cut !== undefined) },
      client,
    )
  }
  return { tookMs: timeFor(pods.length) }
}

function annotationsFor(trigger: string | undefined, isCut: boolean): Record<string, string | undefined> {
  return { [triggerTimeAnnotation]: trigger, [overCapacityAnnotation]: isCut ? 'truncated' : undefined }
}

function shownBy({ subsets }: any): (uid: string) => boolean | undefined {
  const shown = new Map<string, boolean>()
  for (const { addresses, notReadyAddresses } of (subsets ?? []) as Subset[]) {
    for (const { targetRef } of addresses ?? []) shown.set(targetRef?.uid, true)
    for (const { targetRef } of notReadyAddresses ?? []) shown.set(targetRef?.uid, false)
  }
  return (uid) => shown.get(uid)
}

function labelsOf(service: KubeObject): Record<string, string> {
  const { [headlessLabel]: _headless, ...labels } = service.metadata.labels ?? {}
  return {
    ...labels,
    ...(!hasClusterIp(service) && { [headlessLabel]: '' }),
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
  }
}

function write(
  service: KubeObject,
  present: any,
  subsets: readonly Subset[],
  labels: Record<string, string>,
  marks: Record<string, string | undefined>,
  client: ReconcileContext['client'],
): void {
  const { name, namespace } = service.metadata
  const { annotations: _before, ...metadata } = present?.metadata ?? { name, namespace }
  const annotations = Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined))
  const some = Object.keys(annotations).length > 0 && { annotations }
  const content = { metadata: { ...metadata, labels, ...some }, ...(subsets.length > 0 && { subsets }) }
  if (!present) {
    client.create('endpoints', content, namespace)
    return
  }
  const { subsets: _old, ...rest } = present
  client.update('endpoints', { ...rest, ...content })
}
