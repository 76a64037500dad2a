import { decodeBase64, decodeBase64Text } from '../../lib/base64.ts'
import { setOwn } from '../../lib/freeze.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Machine } from '../machines/machine.ts'
import { addressOf } from '../machines/machine.ts'
import type { Client } from '../client/client.ts'
import { toBytes } from '../containers/kernel/bytes.ts'
import { resourceField } from './resource-fields.ts'

export type Resolved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }
export type Variables = Record<string, string>

/** What a container's variables are worked out from. */
export interface VariablesContext {
  readonly pod: KubeObject
  readonly container: any
  readonly ip: string | undefined
  readonly machine: Machine
  readonly client: Client
}

/** A container's environment, references resolved; or what is missing, in the kubelet's words. Upstream: makeEnvironmentVariables. */
export function variablesOf(context: VariablesContext): Resolved<Variables> {
  const { pod, container } = context
  const { namespace = '' } = pod.metadata
  const services = serviceVariables(context)
  const own: Variables = {}
  const set = (name: string, value: string) => setOwn(own, name, value)
  for (const source of container.envFrom ?? []) {
    const kind = source.configMapRef ? 'configmap' : 'secret'
    const reference = source.configMapRef ?? source.secretRef ?? {}
    const data = dataOf(context.client, kind, namespace, reference.name)
    if (data) for (const [name, value] of Object.entries(data)) set((source.prefix ?? '') + name, value)
    else if (!reference.optional) return { ok: false, message: `${kind} "${reference.name}" not found` }
  }
  const lookUp = (name: string): string | undefined =>
    Object.hasOwn(own, name) ? own[name] : Object.hasOwn(services, name) ? services[name] : undefined
  for (const one of container.env ?? []) {
    if (one.value || !one.valueFrom) set(one.name, expandReferences(one.value ?? '', lookUp))
    else {
      const found = valueFrom(one.valueFrom, context)
      if (!found.ok) return found
      if (found.value !== undefined) set(one.name, found.value)
    }
  }
  return { ok: true, value: { ...services, ...own } }
}

/** `$(NAME)` of variables that are known; `$$(NAME)` stays as `$(NAME)`. */
export function expandReferences(text: string, lookUp: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (lookUp(name) ?? all),
  )
}

function valueFrom(source: any, context: VariablesContext): Resolved<string | undefined> {
  const { pod, client } = context
  const { namespace = '' } = pod.metadata
  const reference = source.configMapKeyRef ?? source.secretKeyRef
  if (reference) {
    const kind = source.configMapKeyRef ? 'configmap' : 'secret'
    const data = dataOf(client, kind, namespace, reference.name)
    const value = data && Object.hasOwn(data, reference.key) ? data[reference.key] : undefined
    if (value !== undefined || reference.optional) return { ok: true, value }
    if (!data) return { ok: false, message: `${kind} "${reference.name}" not found` }
    const title = kind === 'configmap' ? 'ConfigMap' : 'Secret'
    return { ok: false, message: `couldn't find key ${reference.key} in ${title} ${namespace}/${reference.name}` }
  }
  if (source.fieldRef) return { ok: true, value: fieldOf(context, source.fieldRef.fieldPath) }
  if (source.resourceFieldRef)
    return { ok: true, value: resourceField(pod, context.container, source.resourceFieldRef, context.machine) }
  return { ok: true, value: undefined }
}

/** A field of the downward API. */
export function fieldOf({ pod, ip, machine }: Pick<VariablesContext, 'pod' | 'ip' | 'machine'>, path: string): string {
  const mapKey = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (mapKey) {
    const map = pod.metadata[mapKey[1] as 'labels' | 'annotations'] ?? {}
    return Object.hasOwn(map, mapKey[2]!) ? map[mapKey[2]!]! : ''
  }
  const address = pod.spec.hostNetwork ? addressOf(machine) : (ip ?? '')
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace ?? ''
    case 'metadata.uid':
      return pod.metadata.uid
    case 'metadata.labels':
    case 'metadata.annotations':
      return formatMap(pod.metadata[path === 'metadata.labels' ? 'labels' : 'annotations'])
    case 'spec.nodeName':
      return machine.name
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? ''
    case 'status.podIP':
    case 'status.podIPs':
      return address
    case 'status.hostIP':
    case 'status.hostIPs':
      return addressOf(machine)
    default:
      return ''
  }
}

/** Upstream: fieldpath.FormatMap: sorted, values as Go quotes them. */
function formatMap(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n')
}

/** The entries of a ConfigMap or Secret as text, or as bytes. */
export function dataOf(
  client: Client,
  kind: 'configmap' | 'secret',
  namespace: string,
  name: string,
  as: 'text' | 'bytes' = 'text',
): Variables | undefined {
  const object: any = client.live(`${kind}s`, `${namespace}/${name}`)
  if (!object) return undefined
  const decode = as === 'text' ? decodeBase64Text : decodeBase64
  const data: Variables = {}
  for (const [key, value] of Object.entries<string>(object.data ?? {}))
    setOwn(data, key, kind === 'secret' ? decode(value) : as === 'text' ? value : toBytes(value))
  for (const [key, value] of Object.entries<string>(object.binaryData ?? {})) setOwn(data, key, decode(value))
  return data
}

/** Where the Services of a namespace are found, as variables. Upstream: pkg/kubelet/envvars. */
function serviceVariables({ pod, client }: VariablesContext): Variables {
  const variables: Variables = {}
  const { namespace = '' } = pod.metadata
  const links = pod.spec.enableServiceLinks !== false
  const add = (service: KubeObject | undefined): void => {
    const { clusterIP, ports = [] } = service?.spec ?? {}
    if (!service || !clusterIP || clusterIP === 'None' || ports.length === 0) return
    const prefix = service.metadata.name.replaceAll('-', '_').toUpperCase()
    const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP
    variables[`${prefix}_SERVICE_HOST`] = clusterIP
    variables[`${prefix}_SERVICE_PORT`] = String(ports[0].port)
    for (const { name, port } of ports)
      if (name) variables[`${prefix}_SERVICE_PORT_${name.replaceAll('-', '_').toUpperCase()}`] = String(port)
    ports.forEach(({ protocol = 'TCP', port }: any, index: number) => {
      const kind = protocol.toLowerCase()
      const name = `${prefix}_PORT_${port}_${protocol}`
      const url = `${kind}://${host}:${port}`
      if (index === 0) variables[`${prefix}_PORT`] = url
      variables[name] = url
      variables[`${name}_PROTO`] = kind
      variables[`${name}_PORT`] = String(port)
      variables[`${name}_ADDR`] = clusterIP
    })
  }
  add(client.live('services', 'default/kubernetes'))
  if (links) {
    const services = client.cache('services')
    services.addIndex('namespace', (service) => [service.metadata.namespace ?? ''])
    for (const service of services.byIndex('namespace', namespace)) add(service)
  }
  return variables
}
