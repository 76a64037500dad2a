import { StatusError } from '../../machinery/errors.ts'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import type { NodeInfo } from './framework/node-info.ts'
import { podInfoOf, type PodInfo } from './framework/pod-info.ts'
import type { Handle, Plugin, Status } from './framework/types.ts'

/** A pod on its way to the node that was chosen: plain data, the payload of the task that goes on with it. */
export interface Binding {
  readonly key: ObjectKey
  readonly uid: string
  readonly node: string
  readonly score: number
  readonly attempts: number
  /** Virtual time after which a binding that waits for volumes gives up. Upstream: bindTimeoutSeconds. */
  readonly until: number
  /** Which life of the scheduler decided it. */
  readonly life: number
  /** What a permit plugin still holds it for, and how long at most. */
  readonly permit?: { readonly plugin: string; readonly since: number; readonly waitMs: number }
}

/** Why a pod that had its node does not get it. */
export interface BindingFailure {
  readonly plugin: string
  readonly message: string
  /** A refusal, after which the pod waits for a change, and not a mishap, after which it tries again. */
  readonly refused: boolean
}

/** How often something that a binding waits for is looked at again. */
export const bindingPollMs = 250

/** Reserve and Permit, at the end of a scheduling cycle: what the binding waits for, or why there is none. */
export function reserve(
  plugins: readonly Plugin[],
  pod: PodInfo,
  node: NodeInfo,
  handle: Handle,
  now: number,
): { readonly permit?: Binding['permit'] } | BindingFailure {
  for (const plugin of plugins) {
    const status = plugin.reserve?.(pod, node, handle)
    if (status) return refusal('Reserve', plugin, status)
  }
  for (const plugin of plugins) {
    const verdict = plugin.permit?.(pod, node, handle)
    if (!verdict) continue
    if ('code' in verdict) return refusal('Permit', plugin, verdict)
    return { permit: { plugin: plugin.name, since: now, waitMs: verdict.waitMs } }
  }
  return {}
}

/** Takes back what was reserved, the last plugin first. */
export function unreserve(plugins: readonly Plugin[], pod: KubeObject, handle: Handle): void {
  const info = podInfoOf(pod)
  for (let i = plugins.length - 1; i >= 0; i--) plugins[i]!.unreserve?.(info, handle)
}

/**
 * The binding cycle: what permits and volumes it waits for, the binding itself, and what comes after. 'wait': come back
 * in a while, with what is said then.
 */
export function bind(
  binding: Binding,
  pod: KubeObject,
  plugins: readonly Plugin[],
  node: NodeInfo | undefined,
  handle: Handle,
  now: number,
): 'bound' | { readonly wait: Binding } | BindingFailure {
  if (!node) return { plugin: '', message: `node ${JSON.stringify(binding.node)} not found`, refused: false }
  const info = podInfoOf(pod)
  const { permit, ...rest } = binding
  if (permit) {
    const plugin = plugins.find(({ name }) => name === permit.plugin)
    const verdict = plugin?.permit?.(info, node, handle)
    if (plugin && verdict && 'code' in verdict) return refusal('Permit', plugin, verdict)
    if (verdict && now >= permit.since + permit.waitMs) {
      const message = `rejected due to timeout after waiting ${permit.waitMs / 1000}s at plugin ${permit.plugin}`
      return { plugin: permit.plugin, message, refused: true }
    }
    if (verdict) return { wait: binding }
  }
  for (const plugin of plugins) {
    const verdict = plugin.preBind?.(info, node, handle)
    if (!verdict) continue
    const words = verdict === 'wait' ? timedOut : verdict.reasons.join(', ')
    if (verdict !== 'wait' || now >= binding.until) return mishap('PreBind', plugin, words)
    return { wait: rest }
  }
  for (const plugin of plugins) {
    if (!plugin.bind) continue
    try {
      if (plugin.bind(info, node, handle) !== 'skip') break
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return mishap('Bind', plugin, error.message)
    }
  }
  for (const plugin of plugins) plugin.postBind?.(info, node, handle)
  return 'bound'
}

const timedOut = 'binding volumes: timed out waiting for the condition'

function refusal(point: string, plugin: Plugin, { code, reasons }: Status): BindingFailure {
  const words = reasons.join(', ')
  return code === 'error' ? mishap(point, plugin, words) : { plugin: plugin.name, message: words, refused: true }
}

function mishap(point: string, { name }: Plugin, words: string): BindingFailure {
  return { plugin: name, message: `running ${point} plugin ${JSON.stringify(name)}: ${words}`, refused: false }
}
