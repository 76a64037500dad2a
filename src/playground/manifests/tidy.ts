import { dump } from 'js-yaml'
import { readYaml } from '../../machinery/yaml.ts'
import type { Loose } from './clean.ts'
import { cleaned } from './clean.ts'

/** Why an object is not carried over. */
export type LeftOut = 'owned' | 'system' | 'derived' | 'nodes' | 'provisioned' | 'tokens' | 'hooks'

export type Tidied =
  | {
      readonly ok: true
      readonly text: string
      readonly kept: number
      readonly leftOut: Readonly<Partial<Record<LeftOut, readonly string[]>>>
    }
  | { readonly ok: false; readonly line: number; readonly message: string }

const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])
const derivedKinds = new Set([
  'Endpoints',
  'EndpointSlice',
  'Event',
  'Lease',
  'ControllerRevision',
  'CSINode',
  'CSIStorageCapacity',
  'VolumeAttachment',
  'APIService',
  'ComponentStatus',
  'PodMetrics',
  'NodeMetrics',
  'IPAddress',
  'ServiceCIDR',
  'FlowSchema',
  'PriorityLevelConfiguration',
])

/** Why this object would not be written by hand; undefined when it would. */
export function leftOutBecause(object: Loose): LeftOut | undefined {
  const { kind, metadata = {}, type } = object
  const { name = '', namespace, ownerReferences, annotations = {} } = metadata as Loose
  if (kind === 'Node') return 'nodes'
  if (derivedKinds.has(kind)) return 'derived'
  if (Array.isArray(ownerReferences) && ownerReferences.some((owner) => owner?.controller)) return 'owned'
  if (kind === 'PersistentVolume' && annotations['pv.kubernetes.io/provisioned-by']) return 'provisioned'
  if (kind === 'Secret' && (type === 'kubernetes.io/service-account-token' || type === 'helm.sh/release.v1'))
    return 'tokens'
  if (/\btest\b/.test(String(annotations['helm.sh/hook'] ?? ''))) return 'hooks'
  return isOfSystem(kind, name, namespace) ? 'system' : undefined
}

function isOfSystem(kind: string, name: string, namespace: string | undefined): boolean {
  if (namespace && systemNamespaces.has(namespace)) return true
  switch (kind) {
    case 'Namespace':
      return name === 'default' || systemNamespaces.has(name)
    case 'ConfigMap':
      return name === 'kube-root-ca.crt'
    case 'ServiceAccount':
      return name === 'default'
    case 'Service':
      return name === 'kubernetes' && namespace === 'default'
    case 'PriorityClass':
      return name.startsWith('system-')
    case 'ClusterRole':
    case 'ClusterRoleBinding':
    case 'Role':
    case 'RoleBinding':
      return /^(system:|kubeadm:)|^(admin|cluster-admin|edit|view)$/.test(name)
    default:
      return false
  }
}

/** Does this text come out of a cluster, rather than from somebody's hands? Looked at quickly, for every paste. */
export function looksExported(text: string): boolean {
  if (text.length > 5_000_000) return false
  return /^\s*"?(managedFields|resourceVersion|uid)"?:/m.test(text) || /^\s*"?kind"?:\s*"?List"?,?\s*$/m.test(text)
}

/** What came out of a cluster (`kubectl get -o yaml` or `-o json`, rendered charts), as manifests to go on with. */
export function tidy(text: string): Tidied {
  let documents
  try {
    documents = readYaml(text, { tolerant: true })
  } catch (error) {
    return { ok: false, line: 1, message: error instanceof Error ? error.message : String(error) }
  }
  const broken = documents.find((document) => document.error)?.error
  if (broken) return { ok: false, line: broken.line, message: broken.message }
  return tidyObjects(documents.flatMap(({ value }) => objectsIn(value)))
}

/** Manifests of objects: each cleaned, those left out that nobody would write. */
export function tidyObjects(objects: readonly Loose[]): Extract<Tidied, { ok: true }> {
  const leftOut: Partial<Record<LeftOut, string[]>> = {}
  const kept: Loose[] = []
  for (const object of objects) {
    const reason = leftOutBecause(object)
    if (reason) (leftOut[reason] ??= []).push(`${object.kind} ${object.metadata?.name ?? ''}`)
    else kept.push(cleaned(object))
  }
  return { ok: true, text: manifestText(kept), kept: kept.length, leftOut }
}

/** Objects as one text of several documents. */
export function manifestText(objects: readonly Loose[]): string {
  return objects.map((object) => dump(object, { noRefs: true, lineWidth: -1, skipInvalid: true })).join('---\n')
}

function objectsIn(value: unknown): Loose[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  const { kind, items } = value as Loose
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items.flatMap(objectsIn)
    : [value as Loose]
}
