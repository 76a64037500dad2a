import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { isNotFound } from '../client/client.ts'
import type { ReconcileContext } from '../controller-runtime/controller.ts'
import { stageFunctions } from './functions.ts'
import type { Stage } from './stage.ts'

/** A write of KWOK's, not of the process that it is in. */
const asKwok = { fieldManager: 'kwok' } as const

/** Does what a Stage says, and gives the object as it is then; undefined when it is gone. Upstream: doStageSteps. */
export function play(
  stage: Stage,
  resource: string,
  object: KubeObject,
  context: ReconcileContext,
): KubeObject | undefined {
  const { client } = context
  const key = keyOf(object)
  const { event } = stage
  if (event) {
    if (event.type === 'Warning') client.events.warning(object, event.reason, event.message)
    else client.events.normal(object, event.reason, event.message)
  }
  try {
    let now = object
    const finalizers = finalizersAfter(object.metadata.finalizers ?? [], stage.finalizers)
    if (finalizers) {
      const patch = { type: 'merge', patch: { metadata: { finalizers } } } as const
      now = client.patch(resource, key, patch, asKwok)
    }
    if (stage.deletes) {
      client.deleteIfPresent(resource, key, { gracePeriodSeconds: 0 })
      return undefined
    }
    for (const { type, subresource, body } of stage.patches) {
      const patch = { type, patch: body(withSystem(now), stageFunctions(context, now)) }
      now = client.patch(resource, key, patch, { ...asKwok, subresource })
    }
    return now
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** The finalizers that are left, or undefined when nothing changes. Upstream: finalizersModify. */
function finalizersAfter(present: readonly string[], change: Stage['finalizers']): string[] | undefined {
  if (!change) return undefined
  const kept = change.empty ? [] : present.filter((one) => !change.remove.includes(one))
  const after = [...kept, ...change.add.filter((one) => !kept.includes(one))]
  return after.length === present.length && after.every((one) => present.includes(one)) ? undefined : after
}

const systemFields = [
  'architecture',
  'bootID',
  'containerRuntimeVersion',
  'kernelVersion',
  'kubeProxyVersion',
  'kubeletVersion',
  'machineID',
  'operatingSystem',
  'osImage',
  'systemUUID',
]
const noSystem = Object.fromEntries(systemFields.map((name) => [name, '']))

/** Go writes what a Node says of its system even where it says nothing, and templates ask for it. */
function withSystem(object: KubeObject): KubeObject {
  if (object.kind !== 'Node') return object
  const { status } = object
  return { ...object, status: { ...status, nodeInfo: { ...noSystem, ...status?.nodeInfo } } }
}
