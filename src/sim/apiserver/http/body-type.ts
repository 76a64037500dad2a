import { apiVersionOf, type Kind } from '../../../kinds/kind.ts'
import { badRequest } from '../../../machinery/errors.ts'
import type { ServedKinds } from '../served-kinds.ts'
import { UnreadableBody, type RawBody } from './body.ts'

/** A group, a version and a kind. */
export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

const typeStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
const legacyScheme = 'k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30'

/** What a body says it is, with what it leaves out taken from what is expected. Throws UnreadableBody. */
export function typeOfBody({ value, text }: RawBody, expected: GroupVersionKind): GroupVersionKind {
  const fail = (what: string) => new UnreadableBody(`couldn't get version/kind; json parse error: ${what}`, text ?? '')
  if (value === null || value === undefined) return expected
  if (typeof value !== 'object' || Array.isArray(value))
    throw fail(
      `json: cannot unmarshal ${Array.isArray(value) ? 'array' : goKind(value)} into Go value of type ${typeStruct}`,
    )
  const fields = value as Record<string, unknown>
  for (const name of ['apiVersion', 'kind']) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined || field === null || typeof field === 'string') continue
    throw fail(`json: cannot unmarshal ${goKind(field)} into Go struct field .${name} of type string`)
  }
  const own = (name: string) => (Object.hasOwn(fields, name) ? ((fields[name] as string | null) ?? '') : '')
  const parts = own('apiVersion').split('/')
  if (parts.length > 2) throw new UnreadableBody(`unexpected GroupVersion string: ${own('apiVersion')}`, text ?? '')
  let [group, version] = parts.length === 2 ? [parts[0]!, parts[1]!] : ['', parts[0]!]
  // Upstream: serializer/json, gvkWithDefaults.
  if (version === '' && group === '') ({ group, version } = expected)
  else if (version === '' && group === expected.group) version = expected.version
  else if (group === '' && version === expected.version) group = expected.group
  return { group, version, kind: own('kind') || expected.kind }
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const retired: Readonly<Record<string, string>> = {
  'apps/v1beta1': 'Deployment StatefulSet ControllerRevision Scale',
  'apps/v1beta2': 'Deployment ReplicaSet DaemonSet StatefulSet ControllerRevision Scale',
  'extensions/v1beta1': 'Deployment ReplicaSet DaemonSet Ingress NetworkPolicy Scale',
  'batch/v1beta1': 'CronJob',
  'policy/v1beta1': 'PodDisruptionBudget Eviction',
  'networking.k8s.io/v1beta1': 'Ingress IngressClass IPAddress ServiceCIDR',
  'autoscaling/v2beta1': 'HorizontalPodAutoscaler',
  'autoscaling/v2beta2': 'HorizontalPodAutoscaler',
  'rbac.authorization.k8s.io/v1alpha1': 'Role RoleBinding ClusterRole ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1beta1': 'Role RoleBinding ClusterRole ClusterRoleBinding',
  'scheduling.k8s.io/v1alpha1': 'PriorityClass',
  'scheduling.k8s.io/v1beta1': 'PriorityClass',
  'storage.k8s.io/v1alpha1': 'VolumeAttachment CSIStorageCapacity VolumeAttributesClass',
  'storage.k8s.io/v1beta1': 'StorageClass VolumeAttachment CSIDriver CSINode CSIStorageCapacity VolumeAttributesClass',
  'events.k8s.io/v1beta1': 'Event',
  'discovery.k8s.io/v1beta1': 'EndpointSlice',
  'coordination.k8s.io/v1beta1': 'Lease',
  'node.k8s.io/v1alpha1': 'RuntimeClass',
  'node.k8s.io/v1beta1': 'RuntimeClass',
  'certificates.k8s.io/v1beta1': 'CertificateSigningRequest ClusterTrustBundle',
  'certificates.k8s.io/v1alpha1': 'ClusterTrustBundle',
  'admissionregistration.k8s.io/v1beta1':
    'ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
  'flowcontrol.apiserver.k8s.io/v1beta1': 'FlowSchema PriorityLevelConfiguration',
  'flowcontrol.apiserver.k8s.io/v1beta2': 'FlowSchema PriorityLevelConfiguration',
  'flowcontrol.apiserver.k8s.io/v1beta3': 'FlowSchema PriorityLevelConfiguration',
}

/**
 * Refuses a body that is of another type than the URL takes. What the server knows can be a retired version of the
 * same kind, which it reads and refuses, or another kind altogether.
 */
export function checkType(
  kinds: ServedKinds,
  got: GroupVersionKind,
  expected: GroupVersionKind,
  custom: boolean,
): void {
  if (got.kind === expected.kind && got.version === expected.version && got.group === expected.group) return
  const groupVersion = (one: GroupVersionKind) => apiVersionOf(one as unknown as Kind)
  const wrongVersion = `the API version in the data (${groupVersion(got)}) does not match the expected API version (${groupVersion(expected)})`
  if (custom) {
    if (groupVersion(got) !== groupVersion(expected)) throw badRequest(wrongVersion)
    return
  }
  const cannot = (why: string) =>
    badRequest(`${got.kind} in version ${JSON.stringify(got.version)} cannot be handled as a ${expected.kind}: ${why}`)
  if (!isRegistered(kinds, got))
    throw cannot(
      `no kind ${JSON.stringify(got.kind)} is registered for version ${JSON.stringify(groupVersion(got))} in scheme ${JSON.stringify(legacyScheme)}`,
    )
  if (got.kind === expected.kind && internalPackage(got) === internalPackage(expected)) throw badRequest(wrongVersion)
  throw cannot(
    `converting (${got.version}.${got.kind}) to (${internalPackage(expected)}.${expected.kind}): unknown conversion`,
  )
}

function isRegistered(kinds: ServedKinds, { group, version, kind }: GroupVersionKind): boolean {
  const apiVersion = group ? `${group}/${version}` : version
  const singular = kind.endsWith('List') ? kind.slice(0, -4) : kind
  const known = kinds.ofObject({ apiVersion, kind: singular })
  if (known) return !known.custom
  if (
    ['DeleteOptions', 'Status', 'CreateOptions', 'UpdateOptions', 'PatchOptions', 'ListOptions', 'WatchEvent'].includes(
      kind,
    )
  )
    return version === 'v1'
  return Object.hasOwn(retired, apiVersion) && retired[apiVersion]!.split(' ').includes(singular)
}

/** The Go package of a kind's internal type. */
export function internalPackage({ group, kind }: Pick<GroupVersionKind, 'group' | 'kind'>): string {
  if (group === '' || group === 'events.k8s.io') return 'core'
  if (group === 'extensions') {
    if (kind === 'Ingress' || kind === 'NetworkPolicy') return 'networking'
    return kind === 'Scale' ? 'autoscaling' : 'apps'
  }
  return group.split('.')[0]!
}
