import { deepEqual } from '../../lib/deep-equal.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { KubeObject, ManagedFieldsEntry } from '../../machinery/objects.ts'
import type { Draft } from './request.ts'

/** Metadata that clients own. */
export const clientMetadata = ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const

/** Kinds whose PUT makes what is not there. Upstream: AllowCreateOnUpdate. */
export const createdByUpdate: ReadonlySet<string> = new Set([
  'endpoints',
  'events',
  'limitranges',
  'podtemplates',
  'services',
  'leases.coordination.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
])

/** Kinds that may not be overwritten without naming the version that was read. Upstream: AllowUnconditionalUpdate. */
const conditionalOnly = new Set([
  'leases.coordination.k8s.io',
  'poddisruptionbudgets.policy',
  'runtimeclasses.node.k8s.io',
  'csinodes.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
])

/** Must an update of this kind name the version it read? Custom resources always. */
export function needsVersion(kind: Kind, resource: string): boolean {
  return kind.custom === true || conditionalOnly.has(resource)
}

/** What a write to the status may not change in the metadata. Upstream: the status strategies' PrepareForUpdate. */
export const keptFromStatus: Readonly<Record<string, readonly ('labels' | 'ownerReferences')[] | undefined>> = {
  'deployments.apps': ['labels'],
  pods: ['ownerReferences'],
}

/** Kinds whose status writes change no metadata at all. Upstream: ResetObjectMetaForStatus. */
const resetsMetadata = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'networkpolicies.networking.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  'resourceclaims.resource.k8s.io',
  'servicecidrs.networking.k8s.io',
  'volumeattachments.storage.k8s.io',
])

/** Does a write to the status leave all metadata as it is? */
export function keepsMetadataFromStatus(kind: Kind, resource: string): boolean {
  return kind.custom === true || resetsMetadata.has(resource)
}

/**
 * The managers a request brings itself, when they are other than those that are there: a client may rewrite them, and
 * `[{}]` clears them. What does not decode is passed over. Upstream: decodeLiveOrNew.
 */
export function managersSent(body: KubeObject, old: KubeObject): Draft['metadata']['managedFields'] | undefined {
  const sent: unknown = body.metadata.managedFields
  if (!sent || sent === old.metadata.managedFields || !Array.isArray(sent) || sent.length === 0) return undefined
  const clears =
    sent.length === 1 && typeof sent[0] === 'object' && sent[0] !== null && Object.keys(sent[0]).length === 0
  if (!clears && !sent.every(isEntry)) return undefined
  return deepEqual(sent, old.metadata.managedFields) ? undefined : (sent as Draft['metadata']['managedFields'])
}

function isEntry(entry: unknown): entry is ManagedFieldsEntry {
  if (typeof entry !== 'object' || entry === null) return false
  const { operation, fieldsType, fieldsV1, apiVersion } = entry as Partial<ManagedFieldsEntry>
  return (
    (operation === 'Apply' || operation === 'Update') &&
    fieldsType === 'FieldsV1' &&
    typeof fieldsV1 === 'object' &&
    fieldsV1 !== null &&
    typeof apiVersion === 'string'
  )
}
