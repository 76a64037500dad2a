import { milliValue, wholeValue } from '../machinery/quantity.ts'
import { StatusError } from '../machinery/errors.ts'
import { applyManifests, type ManifestResult } from '../sim/apiserver/apply-manifests.ts'
import type { Identity } from '../sim/apiserver/request.ts'
import { breakContainer, breakMachine, drain, evict, resize } from '../sim/cluster-operations.ts'
import { createCluster, type Cluster, type ClusterOptions } from '../sim/cluster.ts'
import type { NewMachine } from '../sim/machines/machines.ts'
import { answerHttp, type Handle } from './http.ts'
import type { Fault } from '../playground/model.ts'
import { actAtTerminal } from './terminal.ts'
import type { Action, ActionResult, ClusterShape, MachineShape } from './protocol.ts'

/** Whoever sits at the page. */
const user: Identity = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const fieldManager = 'kubecosm'
/** What passes between two requests of a client that just made a namespace. */
const clientPauseMs = 25

/** The host that a shape describes. Throws with a message for people. */
export function machineOf(shape: MachineShape): NewMachine {
  const { name, zone, cpu, memory, disk = '100Gi', pods = 110, labels = {}, taints = [] } = shape
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > 63)
    throw new Error(`"${name}" is no name for a node: lower case letters, digits and dashes.`)
  const [milliCPU, memoryBytes, diskBytes] = [milliValue(cpu), wholeValue(memory), wholeValue(disk)]
  if (!(milliCPU > 0 && memoryBytes > 0 && diskBytes > 0 && pods > 0))
    throw new Error(`Node ${name} needs CPU, memory, disk and pods above zero.`)
  return { name, zone, milliCPU, memoryBytes, diskBytes, maxPods: pods, labels, taints }
}

/** A new cluster of a shape. */
export function clusterOf(shape: ClusterShape, more: Partial<ClusterOptions> = {}): Cluster {
  return createCluster({ seed: shape.seed, machines: shape.machines.map(machineOf), metrics: true, ...more })
}

/** Does what a user asked for; an answer, never an exception, says what came of it. `handle` is needed for requests. */
export function act(cluster: Cluster, action: Action, handle?: Handle): ActionResult {
  try {
    if (action.type !== 'request') return perform(cluster, action)
    if (!handle) throw new Error('Nothing here speaks HTTP.')
    const { status, body } = answerHttp(cluster, handle, action)
    return status < 400 ? { ok: true } : { ok: false, message: body }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/** What the API server would say to a text; nothing is changed by asking. */
export function check({ api }: Cluster, text: string, namespace: string | undefined): ManifestResult[] {
  return api.withoutTrace(() => applyManifests(api, text, { user, fieldManager, namespace, dryRun: true }))
}

function perform(cluster: Cluster, action: Exclude<Action, { type: 'request' }>): ActionResult {
  const { api, machines } = cluster
  const options = { user, fieldManager }
  switch (action.type) {
    case 'apply': {
      const results = applyManifests(api, action.text, {
        ...options,
        namespace: action.namespace,
        pause: () => cluster.runFor(clientPauseMs),
      })
      return { ok: results.every((one) => one.result !== 'refused'), results }
    }
    case 'delete': {
      const key = action.namespace ? `${action.namespace}/${action.name}` : action.name
      const propagationPolicy = 'Background' as const
      api.delete(action.resource, key, { ...options, propagationPolicy, gracePeriodSeconds: action.gracePeriodSeconds })
      return { ok: true }
    }
    case 'replace': {
      const { apiVersion, kind } = action.object
      const results = applyReplace(cluster, action.object)
      return results ?? { ok: false, message: `no matches for kind "${kind}" in version "${apiVersion}"` }
    }
    case 'scale': {
      const patch = { spec: { replicas: action.replicas } }
      api.patch(action.resource, `${action.namespace}/${action.name}`, { type: 'merge', patch }, options)
      return { ok: true }
    }
    case 'cordon':
      api.patch(
        'nodes',
        action.name,
        { type: 'merge', patch: { spec: { unschedulable: action.cordon ? true : null } } },
        options,
      )
      return { ok: true }
    case 'addMachine':
      machines.add(machineOf(action.machine), 20)
      return { ok: true }
    case 'resizeMachine':
      resize(cluster, action.name, sizeOf(action))
      return { ok: true }
    case 'drain': {
      const held = drain(cluster, action.name, options)
      return held.length === 0 ? { ok: true } : { ok: false, message: held.join('\n') }
    }
    case 'evict':
      evict(cluster, `${action.namespace}/${action.name}`, options)
      return { ok: true }
    case 'fault':
      breakOrMend(cluster, action.fault)
      return { ok: true }
    case 'terminal':
      return actAtTerminal(cluster, action)
    case 'machine':
      return changeMachine(cluster, action.name, action.change)
  }
}

/** CPU and memory of a quantity each. Throws with a message for people. */
function sizeOf({ name, cpu, memory }: Pick<MachineShape, 'name' | 'cpu' | 'memory'>) {
  const [milliCPU, memoryBytes] = [milliValue(cpu), wholeValue(memory)]
  if (!(milliCPU > 0 && memoryBytes > 0)) throw new Error(`Node ${name} needs CPU and memory above zero.`)
  return { milliCPU, memoryBytes }
}

function breakOrMend(cluster: Cluster, fault: Fault): void {
  switch (fault.on) {
    case 'node':
      return breakMachine(cluster, fault.name, fault.what, fault.isOver)
    case 'pod':
      return breakContainer(cluster, `${fault.namespace}/${fault.name}`, fault.container, fault.what)
    case 'controlPlane':
      return cluster.setPart(fault.part, fault.isOver === true)
  }
}

function applyReplace(
  { api }: Cluster,
  object: Extract<Action, { type: 'replace' }>['object'],
): ActionResult | undefined {
  const found = api.kindOf(object)
  if (!found) return undefined
  // As kubectl replaces: a field that nobody knows is refused, not dropped.
  api.update(found, object, { user, fieldManager, fieldValidation: 'Strict' })
  return { ok: true }
}

function changeMachine(
  { api, machines }: Cluster,
  name: string,
  change: Extract<Action, { type: 'machine' }>['change'],
): ActionResult {
  if (change !== 'remove') {
    machines[change](name)
    return { ok: true }
  }
  machines.remove(name)
  try {
    api.delete('nodes', name, { user, fieldManager })
  } catch (error) {
    if (!(error instanceof StatusError && error.status.reason === 'NotFound')) throw error
  }
  return { ok: true }
}
