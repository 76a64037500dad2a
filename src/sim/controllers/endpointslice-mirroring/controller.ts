import { deepEqual } from '../../../lib/deep-equal.ts'
import { isIp } from '../../../machinery/names.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'
import { triggerTimeAnnotation } from '../../network/service-pods.ts'

const slices = 'endpointslices.discovery.k8s.io'
const managedBy = 'endpointslicemirroring-controller.k8s.io'
const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
/** Upstream: --mirroring-max-endpoints-per-subset. */
const maxPerSubset = 1000

/** Copies Endpoints that people write for Services without selectors into EndpointSlices. Upstream: pkg/controller/endpointslicemirroring. */
export const endpointSliceMirroringController = defineController({
  name: 'endpointslice-mirroring',
  component: 'endpoint-slice-mirroring-controller',
  for: 'endpoints',
  owns: [slices],
  ownerKind: 'Endpoints',
  watches: { services: (service) => [keyOf(service)] },
  reconcile,
})

interface Wanted {
  readonly ports: readonly unknown[] | null
  readonly endpoints: readonly unknown[]
  readonly addressType: 'IPv4' | 'IPv6'
}

function reconcile(key: string, { client }: ReconcileContext): Result {
  const endpoints: any = client.get('endpoints', key)
  // The garbage collector takes the slices of Endpoints that are gone.
  if (!endpoints) return done
  const present: any[] = client
    .ownedBy(slices, endpoints.metadata.uid)
    .filter((slice) => slice.metadata.labels?.[managedByLabel] === managedBy)
  const service = client.get('services', key)
  const wanted = service && !service.spec.selector && isForMirroring(endpoints) ? wantedSlices(endpoints, client) : []
  const gone = new Set(present)
  const made: Wanted[] = []
  const metadata = metadataOf(endpoints)
  for (const one of wanted) {
    const same = present.find((slice) => gone.has(slice) && isSame(slice, one) && hasMetadata(slice, metadata))
    if (same) gone.delete(same)
    else made.push(one)
  }
  for (const slice of [...gone]) {
    const index = made.findIndex(({ addressType }) => addressType === slice.addressType)
    if (index < 0) continue
    gone.delete(slice)
    client.update(slices, { ...slice, metadata: { ...slice.metadata, ...metadata }, ...made.splice(index, 1)[0] })
  }
  const { name, namespace } = endpoints.metadata
  for (const one of made) {
    const owned = {
      generateName: `${name}-`,
      namespace,
      ...metadata,
      ownerReferences: [controllerReference(endpoints)],
    }
    client.create(slices, { metadata: owned, ...one }, namespace)
  }
  for (const slice of gone) client.deleteIfPresent(slices, keyOf(slice))
  return done
}

function isForMirroring({ metadata }: KubeObject): boolean {
  if (metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] === 'true') return false
  return metadata.annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined
}

function metadataOf({ metadata }: KubeObject): {
  labels: Record<string, string>
  annotations?: Record<string, string>
} {
  const labels = {
    ...metadata.labels,
    'kubernetes.io/service-name': metadata.name,
    [managedByLabel]: managedBy,
  }
  const {
    [triggerTimeAnnotation]: _time,
    'kubectl.kubernetes.io/last-applied-configuration': _applied,
    ...annotations
  } = metadata.annotations ?? {}
  return Object.keys(annotations).length > 0 ? { labels, annotations } : { labels }
}

function hasMetadata({ metadata }: KubeObject, { labels, annotations }: ReturnType<typeof metadataOf>): boolean {
  return deepEqual(metadata.labels, labels) && deepEqual(metadata.annotations ?? {}, annotations ?? {})
}

function isSame(slice: any, { ports, endpoints, addressType }: Wanted): boolean {
  return (
    slice.addressType === addressType &&
    deepEqual(slice.ports ?? null, ports) &&
    deepEqual(slice.endpoints ?? [], endpoints)
  )
}

/** A slice for each subset and kind of address; those with the same ports stand together. */
function wantedSlices(endpoints: any, client: ReconcileContext['client']): Wanted[] {
  const groups = new Map<string, { ports: Wanted['ports']; addressType: Wanted['addressType']; endpoints: unknown[] }>()
  let invalid = 0
  let skipped = 0
  for (const { addresses = [], notReadyAddresses = [], ports } of endpoints.subsets ?? []) {
    const all = [...addresses.map((one: any) => [one, true]), ...notReadyAddresses.map((one: any) => [one, false])]
    skipped += Math.max(0, all.length - maxPerSubset)
    const slicePorts = ports?.length ? ports.map(({ name = '', ...rest }: any) => ({ name, ...rest })) : null
    for (const [address, ready] of all.slice(0, maxPerSubset)) {
      if (!isIp(address.ip)) {
        invalid++
        continue
      }
      const addressType = address.ip.includes(':') ? 'IPv6' : 'IPv4'
      const key = `${addressType} ${JSON.stringify(slicePorts)}`
      let group = groups.get(key)
      if (!group) groups.set(key, (group = { ports: slicePorts, addressType, endpoints: [] }))
      group.endpoints.push(endpointOf(address, ready))
    }
  }
  if (invalid > 0) {
    const message = `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`
    client.events.warning(endpoints, 'InvalidIPAddress', message)
  }
  if (skipped > 0) {
    const message = `A max of ${maxPerSubset} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`
    client.events.warning(endpoints, 'TooManyAddressesToMirror', message)
  }
  return [...groups.values()].flatMap(({ endpoints: members, ...rest }) => {
    const chunks: Wanted[] = []
    for (let from = 0; from < members.length; from += maxPerSubset)
      chunks.push({ ...rest, endpoints: members.slice(from, from + maxPerSubset) })
    return chunks
  })
}

function endpointOf({ ip, hostname, nodeName, targetRef }: any, ready: boolean): unknown {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(targetRef && { targetRef }),
    ...(nodeName && { nodeName }),
  }
}
