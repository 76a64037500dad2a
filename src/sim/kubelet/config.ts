import type { KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'

export type Resolved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

/** A container's environment, references resolved; or what is missing, in the kubelet's words. */
export function environmentOf(
  pod: KubeObject,
  container: any,
  ip: string | undefined,
  nodeName: string,
  hostIP: string,
  client: Client,
): Resolved<Record<string, string>> {
  const { namespace = '' } = pod.metadata
  const env: Record<string, string> = {}
  for (const source of container.envFrom ?? []) {
    const reference = source.configMapRef ?? source.secretRef
    const kind = source.configMapRef ? 'configmap' : 'secret'
    const object: any = client.live(`${kind}s`, `${namespace}/${reference.name}`)
    if (!object) {
      if (reference.optional) continue
      return { ok: false, message: `${kind} "${reference.name}" not found` }
    }
    for (const [name, value] of Object.entries(dataOf(object))) env[(source.prefix ?? '') + name] = value
  }
  for (const one of container.env ?? []) {
    if (one.value !== undefined) env[one.name] = expandReferences(one.value, env)
    else if (one.valueFrom) {
      const found = valueFrom(one.valueFrom, pod, ip, nodeName, hostIP, client)
      if (!found.ok) return found
      if (found.value !== undefined) env[one.name] = found.value
    } else env[one.name] = ''
  }
  return { ok: true, value: env }
}

/** `$(NAME)` of variables that are known; `$$(NAME)` stays as `$(NAME)`. */
export function expandReferences(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? all),
  )
}

function valueFrom(
  source: any,
  pod: KubeObject,
  ip: string | undefined,
  nodeName: string,
  hostIP: string,
  client: Client,
): Resolved<string | undefined> {
  const { namespace = '' } = pod.metadata
  const reference = source.configMapKeyRef ?? source.secretKeyRef
  if (reference) {
    const kind = source.configMapKeyRef ? 'configmap' : 'secret'
    const object: any = client.live(`${kind}s`, `${namespace}/${reference.name}`)
    const value = object && dataOf(object)[reference.key]
    if (value !== undefined || reference.optional) return { ok: true, value }
    if (!object) return { ok: false, message: `${kind} "${reference.name}" not found` }
    const title = kind === 'configmap' ? 'ConfigMap' : 'Secret'
    return { ok: false, message: `couldn't find key ${reference.key} in ${title} ${namespace}/${reference.name}` }
  }
  if (source.fieldRef) return { ok: true, value: fieldOf(pod, source.fieldRef.fieldPath, ip, nodeName, hostIP) }
  if (source.resourceFieldRef) {
    const { containerName, resource } = source.resourceFieldRef
    const container = pod.spec.containers.find((one: any) => !containerName || one.name === containerName)
    const [list, name] = String(resource).split('.')
    return { ok: true, value: container?.resources?.[list!]?.[name!] ?? '0' }
  }
  return { ok: true, value: undefined }
}

function fieldOf(pod: KubeObject, path: string, ip: string | undefined, nodeName: string, hostIP: string): string {
  const mapKey = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (mapKey) return pod.metadata[mapKey[1] as 'labels' | 'annotations']?.[mapKey[2]!] ?? ''
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace ?? ''
    case 'metadata.uid':
      return pod.metadata.uid
    case 'spec.nodeName':
      return nodeName
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? ''
    case 'status.podIP':
    case 'status.podIPs':
      return ip ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP
    default:
      return ''
  }
}

/** ConfigMaps hold text, Secrets hold base64 that nothing here needs to look into beyond its being there. */
function dataOf(object: any): Record<string, string> {
  return object.data ?? {}
}

/** What keeps a pod's volumes from being mounted, in the kubelet's words. */
export function volumeProblem(pod: KubeObject, client: Client): string | undefined {
  const { namespace = '' } = pod.metadata
  for (const volume of pod.spec.volumes ?? []) {
    const problem =
      missing('configmaps', 'configmap', volume.configMap?.name, volume.configMap?.optional) ??
      missing('secrets', 'secret', volume.secret?.secretName, volume.secret?.optional) ??
      projectedProblem(volume)
    if (problem) return `MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`
  }
  return undefined

  function missing(
    resource: string,
    word: string,
    name: string | undefined,
    optional: boolean | undefined,
  ): string | undefined {
    if (!name || optional || client.live(resource, `${namespace}/${name}`)) return undefined
    return `${word} "${name}" not found`
  }

  function projectedProblem(volume: any): string | undefined {
    for (const source of volume.projected?.sources ?? []) {
      const problem =
        missing('configmaps', 'configmap', source.configMap?.name, source.configMap?.optional) ??
        missing('secrets', 'secret', source.secret?.name, source.secret?.optional)
      if (problem) return problem
    }
    return undefined
  }
}

/** Claims must be bound before their volumes can be mounted. */
export function unboundClaim(pod: KubeObject, client: Client): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName
    if (!name) continue
    const claim = client.live('persistentvolumeclaims', `${pod.metadata.namespace}/${name}`)
    if (claim?.status?.phase !== 'Bound') return name
  }
  return undefined
}
