import type { KubeObject } from '../../machinery/objects.ts'
import type { Etcd } from '../etcd/etcd.ts'
import type { Attributes, Decision, PolicyRule, ResourceAttributes } from './rbac/attributes.ts'
import { ruleAllows } from './rbac/rule-matching.ts'
import type { Identity } from './request.ts'

const prefix = 'system:node:'
const nodeRole = 'system:node'
const reading = new Set(['get', 'list', 'watch'])

/** The node whose kubelet somebody is; undefined for everybody else. */
export function nodeNameOf(user: Identity): string | undefined {
  const isNode = user.name.startsWith(prefix) && user.groups.includes('system:nodes')
  return isNode ? user.name.slice(prefix.length) : undefined
}

/**
 * What a kubelet may do: what the role system:node says, and of what pods refer to, only what its own do.
 * Upstream: plugin/pkg/auth/authorizer/node.
 */
export function decideForNode(etcd: Etcd, node: string, attributes: Attributes): Decision {
  const { resource } = attributes
  const special = resource && subdivided[`${resource.resource}.${resource.group}`]
  if (special) return special(etcd, node, attributes.verb, resource)
  const role: any = etcd.get('clusterroles.rbac.authorization.k8s.io', nodeRole)
  const rules: readonly PolicyRule[] = role?.rules ?? []
  return { allowed: rules.some((rule) => ruleAllows(rule, attributes)), reason: '' }
}

type Subdivided = (etcd: Etcd, node: string, verb: string, about: ResourceAttributes) => Decision
const allowed: Decision = { allowed: true, reason: '' }
const no = (reason: string): Decision => ({ allowed: false, reason })

const subdivided: Readonly<Record<string, Subdivided | undefined>> = {
  'secrets.': (etcd, node, verb, about) => readNamespaced(etcd, node, verb, about, secretsOf),
  'configmaps.': (etcd, node, verb, about) => readNamespaced(etcd, node, verb, about, configMapsOf),
  'persistentvolumeclaims.': (etcd, node, verb, about) => {
    if (about.subresource === 'status') {
      if (!['get', 'update', 'patch'].includes(verb)) return no('can only get/update/patch this type')
    } else if (verb !== 'get') return no('can only get individual resources of this type')
    else if (about.subresource) return no('cannot get subresource')
    return related(etcd, node, about, claimsOf)
  },
  'persistentvolumes.': (etcd, node, verb, about) => {
    if (verb !== 'get') return no('can only get individual resources of this type')
    if (about.subresource) return no('cannot get subresource')
    const volumes = podsOf(etcd, node).flatMap((pod) =>
      claimsOf(pod).map(
        (name) => etcd.get('persistentvolumeclaims', `${pod.metadata.namespace}/${name}`)?.spec?.volumeName,
      ),
    )
    return volumes.includes(about.name) ? allowed : unrelated(node)
  },
  'serviceaccounts.': (etcd, node, verb, about) => {
    if (about.subresource === 'token') {
      if (verb !== 'create' || !about.name) return no('can only create tokens for individual service accounts')
    } else if (verb !== 'get') return no('can only get individual resources of this type')
    else if (about.subresource) return no('can only create token subresource of service account')
    return related(etcd, node, about, ({ spec }) => [spec.serviceAccountName])
  },
  'leases.coordination.k8s.io': (_etcd, node, verb, about) => {
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
      return no('can only get, create, update, patch, or delete a node lease')
    if (about.namespace !== 'kube-node-lease')
      return no('can only access leases in the "kube-node-lease" system namespace')
    const isOwn = verb === 'create' || about.name === node
    return isOwn ? allowed : no('can only access node lease with the same name as the requesting node')
  },
  'csinodes.storage.k8s.io': (_etcd, node, verb, about) => {
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
      return no('can only get, create, update, patch, or delete a CSINode')
    if (about.subresource) return no('cannot authorize CSINode subresources')
    const isOwn = verb === 'create' || about.name === node
    return isOwn ? allowed : no('can only access CSINode with the same name as the requesting node')
  },
}

type NamesOf = (pod: KubeObject) => readonly string[]

function readNamespaced(etcd: Etcd, node: string, verb: string, about: ResourceAttributes, names: NamesOf): Decision {
  if (!reading.has(verb)) return no('can only read resources of this type')
  if (about.subresource) return no('cannot read subresource')
  if (!about.namespace) return no('can only read namespaced object of this type')
  return related(etcd, node, about, names)
}

function related(etcd: Etcd, node: string, { namespace, name }: ResourceAttributes, names: NamesOf): Decision {
  if (!name) return no('No Object name found')
  const isUsed = podsOf(etcd, node).some((pod) => pod.metadata.namespace === namespace && names(pod).includes(name))
  return isUsed ? allowed : unrelated(node)
}

const unrelated = (node: string) => no(`no relationship found between node '${node}' and this object`)

function podsOf(etcd: Etcd, node: string): KubeObject[] {
  return [...etcd.entries('pods').values()].map(({ object }) => object).filter(({ spec }) => spec?.nodeName === node)
}

const containersOf = ({ spec }: KubeObject): any[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...(spec.ephemeralContainers ?? []),
]
const volumesOf = ({ spec }: KubeObject): any[] => spec.volumes ?? []
const sourcesOf = (pod: KubeObject): any[] => volumesOf(pod).flatMap(({ projected }) => projected?.sources ?? [])

/** Names of Secrets that a pod uses. */
export function secretsOf(pod: KubeObject): string[] {
  return namesIn([
    ...(pod.spec.imagePullSecrets ?? []).map((one: any) => one.name),
    ...volumesOf(pod).map(({ secret }) => secret?.secretName),
    ...sourcesOf(pod).map(({ secret }) => secret?.name),
    ...containersOf(pod).flatMap(({ env = [], envFrom = [] }) => [
      ...env.map((one: any) => one.valueFrom?.secretKeyRef?.name),
      ...envFrom.map((one: any) => one.secretRef?.name),
    ]),
  ])
}

/** Names of ConfigMaps that a pod uses. */
export function configMapsOf(pod: KubeObject): string[] {
  return namesIn([
    ...volumesOf(pod).map(({ configMap }) => configMap?.name),
    ...sourcesOf(pod).map(({ configMap }) => configMap?.name),
    ...containersOf(pod).flatMap(({ env = [], envFrom = [] }) => [
      ...env.map((one: any) => one.valueFrom?.configMapKeyRef?.name),
      ...envFrom.map((one: any) => one.configMapRef?.name),
    ]),
  ])
}

/** Names of claims that a pod mounts. */
export function claimsOf(pod: KubeObject): string[] {
  return namesIn(
    volumesOf(pod).map(({ name, persistentVolumeClaim, ephemeral }) =>
      ephemeral ? `${pod.metadata.name}-${name}` : persistentVolumeClaim?.claimName,
    ),
  )
}

const namesIn = (names: readonly (string | undefined)[]) => names.filter((name) => name !== undefined)
