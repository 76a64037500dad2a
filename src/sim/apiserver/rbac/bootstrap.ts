import type { ApiServer } from '../server.ts'
import type { PolicyRule } from './attributes.ts'
import { controllerRoles } from './bootstrap-controllers.ts'
import {
  aggregatedInto,
  clusterRoleBindings,
  clusterRoles,
  namespaceRoleBindings,
  namespaceRoles,
  verbGroups,
} from './bootstrap-data.ts'

const group = 'rbac.authorization.k8s.io'
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }
const controllerPrefix = 'system:controller:'
const aggregates = new Set(Object.values(aggregatedInto))
const aggregationLabel = (role: string) => `rbac.authorization.k8s.io/aggregate-to-${role}`

/** Creates the roles and bindings that every cluster starts with, those that others add up to with their rules. */
export function bootstrapRbac(api: ApiServer): void {
  const create = (plural: string, body: object) =>
    api.create(`${plural}.${group}`, body, { bodyIsOurs: true, fieldManager: 'kube-apiserver' })
  const roles = { ...clusterRoles }
  for (const name of Object.keys(controllerRoles)) roles[`${controllerPrefix}${name}`] = controllerRoles[name]!
  for (const name of Object.keys(roles)) {
    const into = aggregatedInto[name]
    create('clusterroles', {
      metadata: metadata(name, undefined, into ? { [aggregationLabel(into)]: 'true' } : {}),
      ...(aggregates.has(name)
        ? {
            aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregationLabel(name)]: 'true' } }] },
            rules: gathered(name),
          }
        : { rules: roles[name]!.map(ruleOf) }),
    })
  }
  const bindings: Record<string, readonly string[]> = { ...clusterRoleBindings }
  for (const name of Object.keys(controllerRoles)) bindings[`${controllerPrefix}${name}`] = [`%${name}`]
  for (const name of Object.keys(bindings))
    create('clusterrolebindings', {
      metadata: metadata(name),
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects: bindings[name]!.map(subjectOf),
    })
  for (const key of Object.keys(namespaceRoles))
    create('roles', { metadata: metadata(...splitKey(key)), rules: namespaceRoles[key]!.map(ruleOf) })
  for (const key of Object.keys(namespaceRoleBindings)) {
    const [name, namespace] = splitKey(key)
    const { to, role = name } = namespaceRoleBindings[key]!
    create('rolebindings', {
      metadata: metadata(name, namespace),
      roleRef: { apiGroup: group, kind: 'Role', name: role },
      subjects: to.map(subjectOf),
    })
  }
  // Nobody has watched yet: how they came about need not be carried along in every snapshot.
  api.etcd.compact(Number.POSITIVE_INFINITY, (resource) =>
    resource.endsWith(`.${group}`) ? Number.POSITIVE_INFINITY : 0,
  )
}

/** What the aggregation controller will find out: rules of the roles that add up to this one, in the order of their names. */
function gathered(name: string): PolicyRule[] {
  const texts = new Set<string>()
  const add = (role: string) => {
    const parts = Object.keys(aggregatedInto).filter((one) => aggregatedInto[one] === role)
    for (const part of parts.sort()) {
      if (aggregates.has(part)) add(part)
      else for (const text of clusterRoles[part]!) texts.add(text)
    }
  }
  add(name)
  return [...texts].map(ruleOf)
}

function metadata(name: string, namespace?: string, more: object = {}): object {
  return { name, ...(namespace && { namespace }), labels: { ...labels, ...more }, annotations: { ...annotations } }
}

function splitKey(key: string): [name: string, namespace: string] {
  const slash = key.indexOf('/')
  return [key.slice(slash + 1), key.slice(0, slash)]
}

/** Reads a rule as bootstrap-data.ts writes it. Lists are in order, as upstream's builder leaves them. */
export function ruleOf(text: string): PolicyRule {
  const space = text.indexOf(' ')
  const list = (part: string) => part.split(',').sort()
  const verbs = text
    .slice(0, space)
    .split(',')
    .flatMap((verb) => (verbGroups[verb] ?? verb).split(','))
    .sort()
  const rest = text.slice(space + 1)
  if (rest.startsWith('@')) return { nonResourceURLs: list(rest.slice(1)), verbs }
  const colon = rest.indexOf(':')
  const [resources = '', names] = rest.slice(colon + 1).split('#')
  const rule = { apiGroups: list(rest.slice(0, colon)), resources: list(resources), verbs }
  return names ? { ...rule, resourceNames: list(names) } : rule
}

function subjectOf(text: string): object {
  if (text.startsWith('%')) return { kind: 'ServiceAccount', name: text.slice(1), namespace: 'kube-system' }
  if (text.startsWith('@')) return { apiGroup: group, kind: 'Group', name: text.slice(1) }
  return { apiGroup: group, kind: 'User', name: text }
}
