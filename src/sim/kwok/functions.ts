import { TemplateError } from '../../lib/go-template/errors.ts'
import { formatValue, sortedKeys } from '../../lib/go-template/format.ts'
import type { TemplateFunctions } from '../../lib/go-template/functions.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { ReconcileContext } from '../controller-runtime/controller.ts'
import { nextPodAddress } from './addresses.ts'

/** KWOK's release whose words these are. */
const version = 'v0.7.0'
/** Where KWOK itself would be: its own address and port, which it gives to nodes that have none. */
export const nodeAddress = '10.0.0.1'
const nodePort = 10247

const condition = (type: string, status: string, reason: string, message: string) => ({ type, status, reason, message })

/** Conditions of a node that is well. Upstream: pkg/utils/gotpl, nodeConditions. */
const nodeConditions = [
  condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
  condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
  condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
  condition('NetworkUnavailable', 'False', 'RouteCreated', 'RouteController created a route'),
]

/** KWOK's own functions of templates. */
export interface StageFunctions extends TemplateFunctions {
  readonly Now: () => string
  readonly Version: () => string
  readonly NodeIP: () => string
  readonly NodeName: () => string
  readonly NodePort: () => number
  readonly NodeConditions: () => typeof nodeConditions
  readonly NodeIPWith: (node: string) => string
  readonly PodIPWith: (node: string, hostNetwork: boolean) => string
}

/** Those functions, for an object. */
export function stageFunctions(context: ReconcileContext, object: KubeObject): StageFunctions {
  const { client, clock } = context
  const hostAddress = (name: unknown): string =>
    client.get('nodes', String(name))?.status?.addresses?.find(({ type }: { type: string }) => type === 'InternalIP')
      ?.address || nodeAddress
  return {
    Now: () => client.timestamp(),
    StartTime: () => rfc3339(clock.wall() - clock.now()),
    Version: () => version,
    Quote: (value: unknown) => quote(value),
    YAML: (value: unknown, indent = 0) => {
      const text = `${yaml(value, 0)}\n`
      return indent > 0 ? `\n${text}`.replaceAll('\n', `\n${'  '.repeat(Math.min(indent, 100))}`) : text
    },
    NodeConditions: () => nodeConditions,
    NodeIP: () => nodeAddress,
    NodeName: () => (object.kind === 'Node' ? object.metadata.name : ''),
    NodePort: () => nodePort,
    NodeIPWith: hostAddress,
    PodIP: () => nextPodAddress(context, ''),
    PodIPWith: (node: unknown, hostNetwork: unknown) =>
      hostNetwork === true ? hostAddress(node) : nextPodAddress(context, String(node)),
  }
}

function quote(value: unknown): string {
  return JSON.stringify(
    typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value ?? null) : formatValue(value),
  )
}

/** A value as YAML in blocks; texts are quoted. */
function yaml(value: unknown, depth: number): string {
  if (depth > 60) throw new TemplateError('value nested too deeply')
  const pad = '  '.repeat(depth)
  if (Array.isArray(value) && value.length > 0) return value.map((one) => `${pad}-${nested(one, depth)}`).join('\n')
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0)
    return sortedKeys(value)
      .map((key) => `${pad}${JSON.stringify(key)}:${nested((value as Record<string, unknown>)[key], depth)}`)
      .join('\n')
  return pad + JSON.stringify(value ?? null)
}

function nested(value: unknown, depth: number): string {
  const isBlock = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  return isBlock ? `\n${yaml(value, depth + 1)}` : ` ${yaml(value, 0)}`
}
