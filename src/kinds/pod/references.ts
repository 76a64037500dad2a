import type { Reference } from '../kind.ts'

/** What a pod spec needs: volumes, environment sources, its service account, its node. */
export function podReferences(spec: any, namespace: string): Reference[] {
  const seen = new Set<string>()
  const references: Reference[] = []
  const add = (type: Reference['type'], resource: string, name: string | undefined) => {
    const key = `${type} ${resource} ${name}`
    if (!name || seen.has(key)) return
    seen.add(key)
    references.push({ type, resource, namespace, name })
  }
  for (const volume of spec.volumes ?? []) {
    add('mount', 'configmaps', volume.configMap?.name)
    add('mount', 'secrets', volume.secret?.secretName)
    add('mount', 'persistentvolumeclaims', volume.persistentVolumeClaim?.claimName)
    // Every pod has the token volume; an edge for it would say nothing.
    if (volume.name?.startsWith('kube-api-access-')) continue
    for (const source of volume.projected?.sources ?? []) {
      add('mount', 'configmaps', source.configMap?.name)
      add('mount', 'secrets', source.secret?.name)
    }
  }
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      add('uses', 'configmaps', valueFrom?.configMapKeyRef?.name)
      add('uses', 'secrets', valueFrom?.secretKeyRef?.name)
    }
    for (const source of container.envFrom ?? []) {
      add('uses', 'configmaps', source.configMapRef?.name)
      add('uses', 'secrets', source.secretRef?.name)
    }
  }
  for (const secret of spec.imagePullSecrets ?? []) add('uses', 'secrets', secret.name)
  if (spec.serviceAccountName && spec.serviceAccountName !== 'default')
    add('uses', 'serviceaccounts', spec.serviceAccountName)
  if (spec.nodeName) references.push({ type: 'uses', resource: 'nodes', name: spec.nodeName })
  return references
}
