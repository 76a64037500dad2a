import type { KubeObject } from '../../../../machinery/objects.ts'
import { always } from '../../framework/hints.ts'
import { unresolvable, type Handle, type Plugin, type Status } from '../../framework/types.ts'

const cannotAllocate = unresolvable('cannot allocate all claims')

/**
 * No device is allocated here: pods that ask for some wait, in upstream's words, unless somebody else allocated their
 * claims. When a preFilter refused the pod, upstream's postFilter does not find what it would have noted, and that ends
 * the trying.
 */
export const dynamicResources: Plugin = {
  name: 'DynamicResources',
  events: {
    'nodes/ADDED': always,
    'resourceclaims.resource.k8s.io/ADDED': always,
    'resourceclaims.resource.k8s.io/MODIFIED': always,
    'deviceclasses.resource.k8s.io/ADDED': always,
    'pods/MODIFIED': ({ pod }, { object }) => pod.metadata.uid === object.metadata.uid,
  },
  preEnqueue: ({ spec, status }) => {
    for (const { name, resourceClaimTemplateName } of spec.resourceClaims ?? [])
      if (resourceClaimTemplateName && !status?.resourceClaimStatuses?.some((one: any) => one.name === name))
        return unresolvable(`waiting for dynamic resource controller to create the resourceclaim "${name}"`)
    return undefined
  },
  preFilter: (_state, { pod }, handle) => {
    if (!pod.spec.resourceClaims?.length) return 'skip'
    let allAllocated = true
    for (const one of pod.spec.resourceClaims) {
      const name: string | undefined = one.resourceClaimName ?? madeFor(pod, one.name)
      // A template that needed no claim.
      if (!name) continue
      const claim = handle.client.get('resourceclaims.resource.k8s.io', `${pod.metadata.namespace}/${name}`)
      if (!claim) return unresolvable(`resourceclaim "${name}" not found`)
      if (claim.metadata.deletionTimestamp) return unresolvable(`resourceclaim must not be deleted: ${name}`)
      if (claim.status?.allocation) continue
      allAllocated = false
      const missing = missingClass(claim, handle)
      if (missing) return missing
    }
    return allAllocated ? 'skip' : undefined
  },
  filter: () => cannotAllocate,
  postFilter: ({ filtering }) =>
    filtering.refusedBy && filtering.refusedBy.plugin !== 'DynamicResources'
      ? { message: 'not found', isError: true }
      : { message: 'no new claims to deallocate', keepsNomination: true },
}

function madeFor({ status }: KubeObject, name: string): string | undefined {
  return status?.resourceClaimStatuses?.find((one: any) => one.name === name)?.resourceClaimName
}

function missingClass({ spec }: KubeObject, { client }: Handle): Status | undefined {
  for (const request of spec.devices?.requests ?? [])
    for (const { deviceClassName } of [request.exactly ?? request, ...(request.firstAvailable ?? [])])
      if (deviceClassName && !client.get('deviceclasses.resource.k8s.io', deviceClassName))
        return unresolvable(`request ${request.name}: device class ${deviceClassName} does not exist`)
  return undefined
}
