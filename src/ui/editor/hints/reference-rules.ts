import { nearName } from '../../../kinds/service/near-miss.ts'
import { resourceOfKind } from '../../inspector/resources.ts'
import type { ManifestDocument, Path } from './documents.ts'
import type { Rule, Say, World } from './hint.ts'
import { entriesOf, podSpecPath, valueAt } from './hint.ts'
import { eachContainer } from './pod-rules.ts'

/** Says so when something that is referred to by name is neither in the files nor in the cluster. */
function expect(
  world: World,
  say: Say,
  { kind, resource, namespace }: { kind: string; resource: string; namespace: string },
  name: unknown,
  path: Path,
): boolean {
  if (typeof name !== 'string' || name === '' || world.find(resource, namespace, name)) return true
  const names = world.list(resource, namespace).map((object) => object.metadata.name)
  const near = nearName(name, names)
  say(path, 'info', near ? 'missingNear' : 'missing', { kind, name, near }, { fix: near })
  return false
}

/** ConfigMaps, Secrets, claims and service accounts that a pod needs. */
export const podNeeds: Rule = ({ object, namespace }, world, say) => {
  const at = podSpecPath(object)
  const spec = at && valueAt(object, at)
  if (!at || !spec) return
  const config = { kind: 'ConfigMap', resource: 'configmaps', namespace }
  const secret = { kind: 'Secret', resource: 'secrets', namespace }
  const claim = { kind: 'PersistentVolumeClaim', resource: 'persistentvolumeclaims', namespace }
  for (const [index, volume] of entriesOf(spec.volumes)) {
    const path = [...at, 'volumes', index]
    if (volume.configMap?.optional !== true)
      expect(world, say, config, volume.configMap?.name, [...path, 'configMap', 'name'])
    if (volume.secret?.optional !== true)
      expect(world, say, secret, volume.secret?.secretName, [...path, 'secret', 'secretName'])
    const claimName = volume.persistentVolumeClaim?.claimName
    expect(world, say, claim, claimName, [...path, 'persistentVolumeClaim', 'claimName'])
  }
  for (const [index, { name }] of entriesOf(spec.imagePullSecrets))
    expect(world, say, secret, name, [...at, 'imagePullSecrets', index, 'name'])
  if (spec.serviceAccountName !== 'default') {
    const account = { kind: 'ServiceAccount', resource: 'serviceaccounts', namespace }
    expect(world, say, account, spec.serviceAccountName, [...at, 'serviceAccountName'])
  }
  const priority = { kind: 'PriorityClass', resource: 'priorityclasses.scheduling.k8s.io', namespace: '' }
  if (!String(spec.priorityClassName ?? '').startsWith('system-'))
    expect(world, say, priority, spec.priorityClassName, [...at, 'priorityClassName'])
  eachContainer(object, (container, path) => {
    for (const [index, { valueFrom }] of entriesOf(container.env)) {
      for (const [field, what] of [
        ['configMapKeyRef', config],
        ['secretKeyRef', secret],
      ] as const) {
        const ref = valueFrom?.[field]
        if (!ref || ref.optional === true) continue
        const refPath = [...path, 'env', index, 'valueFrom', field]
        if (expect(world, say, what, ref.name, [...refPath, 'name'])) key(world, say, what, ref, [...refPath, 'key'])
      }
    }
    for (const [index, source] of entriesOf(container.envFrom)) {
      const from = [...path, 'envFrom', index]
      if (source.configMapRef?.optional !== true)
        expect(world, say, config, source.configMapRef?.name, [...from, 'configMapRef', 'name'])
      if (source.secretRef?.optional !== true)
        expect(world, say, secret, source.secretRef?.name, [...from, 'secretRef', 'name'])
    }
  })
}

function key(
  world: World,
  say: Say,
  { kind, resource, namespace }: { kind: string; resource: string; namespace: string },
  ref: { name?: unknown; key?: unknown },
  path: Path,
): void {
  const object: any = world.find(resource, namespace, String(ref.name))
  if (!object || typeof ref.key !== 'string') return
  const keys = ['data', 'stringData', 'binaryData'].flatMap((field) => Object.keys(object[field] ?? {}))
  if (keys.includes(ref.key)) return
  const near = nearName(ref.key, keys)
  const params = { kind, name: String(ref.name), key: ref.key, near }
  say(path, 'info', near ? 'missingKeyNear' : 'missingKey', params, { fix: near })
}

/** What other kinds point at by name. */
export const pointers: Rule = (document, world, say) => {
  const { object, namespace } = document
  const service = { kind: 'Service', resource: 'services', namespace }
  switch (object.kind) {
    case 'HorizontalPodAutoscaler':
      return autoscaler(document, world, say)
    case 'StatefulSet':
      expect(world, say, service, object.spec?.serviceName, ['spec', 'serviceName'])
      for (const [index, claim] of entriesOf(object.spec?.volumeClaimTemplates))
        storageClass(world, say, claim.spec, ['spec', 'volumeClaimTemplates', index, 'spec'])
      return
    case 'PersistentVolumeClaim':
      return storageClass(world, say, object.spec, ['spec'])
    case 'Ingress': {
      const path = ['spec', 'defaultBackend', 'service']
      backend(world, say, service, object.spec?.defaultBackend?.service, path)
      for (const [rule, { http }] of entriesOf(object.spec?.rules))
        for (const [index, each] of entriesOf(http?.paths)) {
          const at = ['spec', 'rules', rule, 'http', 'paths', index, 'backend', 'service']
          backend(world, say, service, each.backend?.service, at)
        }
      return
    }
    case 'RoleBinding':
    case 'ClusterRoleBinding': {
      const { kind, name } = object.roleRef ?? {}
      const resource = kind === 'Role' ? 'roles.rbac.authorization.k8s.io' : 'clusterroles.rbac.authorization.k8s.io'
      expect(world, say, { kind, resource, namespace: kind === 'Role' ? namespace : '' }, name, ['roleRef', 'name'])
      for (const [index, subject] of entriesOf(object.subjects)) {
        if (subject.kind !== 'ServiceAccount') continue
        const where = { kind: 'ServiceAccount', resource: 'serviceaccounts', namespace: subject.namespace ?? namespace }
        if (subject.name !== 'default') expect(world, say, where, subject.name, ['subjects', index, 'name'])
      }
    }
  }
}

function storageClass(world: World, say: Say, spec: any, path: Path): void {
  const where = { kind: 'StorageClass', resource: 'storageclasses.storage.k8s.io', namespace: '' }
  expect(world, say, where, spec?.storageClassName, [...path, 'storageClassName'])
}

function backend(
  world: World,
  say: Say,
  where: { kind: string; resource: string; namespace: string },
  service: any,
  path: Path,
): void {
  if (!service || !expect(world, say, where, service.name, [...path, 'name'])) return
  const ports = entriesOf(world.find(where.resource, where.namespace, String(service.name))?.spec?.ports)
  const { name, number } = service.port ?? {}
  if (ports.length === 0 || (name === undefined && number === undefined)) return
  if (ports.some(([, port]) => (name === undefined ? port.port === number : port.name === name))) return
  const known = ports.map(([, port]) => (name === undefined ? String(port.port) : String(port.name ?? port.port)))
  const fix = known.length === 1 ? known[0] : undefined
  const params = { service: service.name, port: String(name ?? number), known: known.join(', ') }
  say([...path, 'port', name === undefined ? 'number' : 'name'], 'info', 'servicePort', params, { fix })
}

function autoscaler({ object, namespace }: ManifestDocument, world: World, say: Say): void {
  const { apiVersion = '', kind = '', name } = object.spec?.scaleTargetRef ?? {}
  const resource = resourceOfKind(String(apiVersion), String(kind))
  if (!expect(world, say, { kind, resource, namespace }, name, ['spec', 'scaleTargetRef', 'name'])) return
  const target = world.find(resource, namespace, String(name))
  const at = target && podSpecPath(target)
  const containers = at ? entriesOf(valueAt(target, at)?.containers).map(([, container]) => container) : []
  for (const [index, metric] of entriesOf(object.spec?.metrics)) {
    const wanted = metric.resource?.name
    if (metric.type !== 'Resource' || metric.resource?.target?.type !== 'Utilization') continue
    const lacking = containers.find((container) => container.resources?.requests?.[wanted] === undefined)
    if (!lacking || lacking.resources?.limits?.[wanted] !== undefined) continue
    const params = { container: String(lacking.name), target: `${kind} ${name}`, resource: String(wanted) }
    say(['spec', 'metrics', index, 'resource', 'name'], 'info', 'needsRequests', params)
  }
}
