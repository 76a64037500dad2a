import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { isNotFound } from '../client/client.ts'
import type { ReconcileContext } from '../controller-runtime/controller.ts'
import { stageFunctions } from './functions.ts'
import type { Stage, Step } from './stage.ts'

/** A write of KWOK's, not of the process that it is in. */
const asKwok = { fieldManager: 'kwok' } as const

/** Does what a Stage says, and gives the object as it is then; undefined when it is gone. Upstream: doStageSteps. */
export function play(
  stage: Stage,
  resource: string,
  object: KubeObject,
  context: ReconcileContext,
): KubeObject | undefined {
  let now: KubeObject | undefined = object
  for (const step of stage.steps) {
    if (step.event) tell(step.event, object, context)
    if (now) now = take(step, resource, now, context)
  }
  return now
}

function tell(
  { type, reason, message }: NonNullable<Step['event']>,
  object: KubeObject,
  { client: { events } }: ReconcileContext,
): void {
  if (type === 'Warning') events.warning(object, reason, message)
  else events.normal(object, reason, message)
}

function take(step: Step, resource: string, object: KubeObject, context: ReconcileContext): KubeObject | undefined {
  const { client } = context
  const key = keyOf(object)
  let now = object
  try {
    const finalizers = finalizersAfter(now.metadata.finalizers ?? [], step.finalizers)
    if (finalizers) now = client.patch(resource, key, { type: 'merge', patch: { metadata: { finalizers } } }, asKwok)
    if (step.deletes) {
      client.deleteIfPresent(resource, key, { gracePeriodSeconds: 0 })
      return undefined
    }
    if (!step.patch) return now
    const { type, subresource, body } = step.patch
    const patch = { type, patch: body(withSystem(now), stageFunctions(context, now)) }
    return client.patch(resource, key, patch, { ...asKwok, subresource })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** The finalizers that are left, or undefined when nothing changes. Upstream: finalizersModify. */
function finalizersAfter(present: readonly string[], change: Step['finalizers']): string[] | undefined {
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
