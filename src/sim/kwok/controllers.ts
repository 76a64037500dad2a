import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { StatusError } from '../../machinery/errors.ts'
import { rfc3339Micro } from '../../lib/time.ts'
import type { Change } from '../client/cache.ts'
import type { Client } from '../client/client.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../controller-runtime/controller.ts'
import { defaultStages } from './defaults.ts'
import { isFake } from './fake.ts'
import { play } from './play.ts'
import { readStage } from './read-stage.ts'
import { isProblem, nextStage, type Stage } from './stage.ts'

const stageResource = 'stages.kwok.x-k8s.io'
const leases = 'leases.coordination.k8s.io'
const component = 'kwok_controller'
const kinds = { pods: 'Pod', nodes: 'Node' } as const
/** Upstream: nodeLeaseDurationSeconds 40, renewed every quarter of it, with a jitter of 0.04. */
const leaseSeconds = 40
const leasePeriodMs = 10_000
/** Stages that follow each other at once may be so many before they are made to wait. */
const burst = 20
const pauseMs = 1000

type Resource = keyof typeof kinds
/** Does a machine stand behind a node? Then its kubelet speaks for it, whatever its annotations say. */
export type HasMachine = (node: string) => boolean

/** What is remembered of an object: which stage comes next for this version of it, and when. */
interface Plan {
  /** Of the object and of all Stages. */
  readonly version: string
  readonly stage?: string
  readonly due: number
  /** Stages that were played since a moment, to slow down what goes round in circles. */
  readonly since: number
  readonly played: number
}

/**
 * Plays KWOK's Stages for the nodes that say that they are fake, and for their pods; KWOK's own where there is none of
 * a kind. Upstream: sigs.k8s.io/kwok, pkg/kwok/controllers.
 */
export function kwokControllers(hasMachine: HasMachine): readonly ControllerDefinition[] {
  const isOurs = (node: KubeObject | undefined) => node !== undefined && isFake(node) && !hasMachine(node.metadata.name)
  const ofOurs = (pod: KubeObject, client: Client) => {
    const name: string | undefined = pod.spec?.nodeName
    return name ? isOurs(client.get('nodes', name)) : false
  }
  const ourNodes = (client: Client) => client.list('nodes').filter(isOurs)
  const podsOf = (client: Client, node: string) => client.cache('pods').byIndex('node', node).map(keyOf)
  const turned = ({ object, old }: Change) => isFake(object) !== (old !== undefined && isFake(old))
  return [
    defineController({
      name: 'kwok-nodes',
      component,
      for: 'nodes',
      concerns: ({ object, old }) => isFake(object) || (old !== undefined && isFake(old)),
      watches: { [stageResource]: (_stage, { client }) => ourNodes(client).map(keyOf) },
      reconcile: (key, context) => reconcile('nodes', key, context, isOurs),
    }),
    defineController({
      name: 'kwok-pods',
      component,
      for: 'pods',
      concerns: () => false,
      watches: {
        pods: (pod, { client, memory }, { key }) => (memory.has(key) || ofOurs(pod, client) ? [key] : []),
        nodes: (node, { client }, change) => (turned(change) ? podsOf(client, node.metadata.name) : []),
        [stageResource]: (_stage, { client }) => ourNodes(client).flatMap((node) => podsOf(client, node.metadata.name)),
      },
      reconcile: (key, context) => reconcile('pods', key, context, (pod) => ofOurs(pod, context.client)),
    }),
    defineController({
      name: 'kwok-leases',
      component,
      for: 'nodes',
      concerns: turned,
      reconcile: (key, context) => renewLease(context.client.get('nodes', key), context, isOurs),
    }),
    defineController({ name: 'kwok-stages', component, for: stageResource, reconcile: judge }),
  ]
}

function stagesFor(client: Client, resource: Resource): { stages: readonly Stage[]; version: string } {
  const objects = client.list(stageResource).filter(({ spec }) => isFor(spec, resource))
  if (objects.length === 0) return { stages: defaultStages[kinds[resource]], version: '' }
  const stages: Stage[] = []
  for (const object of objects) {
    try {
      stages.push(readStage(object))
    } catch (error) {
      // It has been told of on the Stage itself.
      if (!isProblem(error)) throw error
    }
  }
  return { stages, version: objects.map(({ metadata }) => metadata.resourceVersion).join() }
}

function isFor(spec: any, resource: Resource): boolean {
  const { apiGroup = 'v1', kind } = spec?.resourceRef ?? {}
  return kind === kinds[resource] && (apiGroup === 'v1' || apiGroup === '')
}

function reconcile(
  resource: Resource,
  key: string,
  context: ReconcileContext,
  isOurs: (object: KubeObject) => boolean,
): Result {
  const { client, clock, memory } = context
  const found = client.get(resource, key)
  if (!found || !isOurs(found)) {
    memory.delete(key)
    return done
  }
  // Templates and events ask for what the store leaves to the resource.
  const typed = (object: KubeObject) => ({ ...object, apiVersion: 'v1', kind: kinds[resource] })
  const { stages, version } = stagesFor(client, resource)
  let object = typed(found)
  for (;;) {
    const plan = planned(object, stages, version, context, memory.get(key))
    memory.set(key, plan)
    const stage = plan.stage === undefined ? undefined : stages.find(({ name }) => name === plan.stage)
    if (!stage) return done
    const waitMs = plan.due - clock.now()
    if (waitMs > 0) return requeueAfter(waitMs, stage.background)
    // It is done with: only another version of the object brings it back.
    const { stage: _, ...spent } = plan
    memory.set(key, { ...spent, played: plan.played + 1 } satisfies Plan)
    const after = tryToPlay(stage, resource, object, context)
    if (!after || !stage.immediate || after.metadata.resourceVersion === object.metadata.resourceVersion) return done
    object = typed(after)
  }
}

/** The plan that there is, unless it is for another version. */
function planned(
  object: KubeObject,
  stages: readonly Stage[],
  stagesVersion: string,
  { clock, random }: ReconcileContext,
  before: Plan | undefined,
): Plan {
  const version = `${object.metadata.uid} ${object.metadata.resourceVersion} ${stagesVersion}`
  if (before?.version === version) return before
  const now = clock.now()
  const isBusy = before !== undefined && now - before.since < pauseMs
  const [since, played] = isBusy ? [before.since, before.played] : [now, 0]
  try {
    const stage = nextStage(stages, object, random)
    if (!stage) return { version, due: now, since, played }
    const delayMs = Math.round(stage.delayMs(object, clock.wall(), random))
    return { version, stage: stage.name, due: now + Math.max(delayMs, played >= burst ? pauseMs : 0), since, played }
  } catch (error) {
    // As upstream: a selector that cannot be asked leaves the object as it is.
    if (!isProblem(error)) throw error
    return { version, due: now, since, played }
  }
}

function tryToPlay(
  stage: Stage,
  resource: Resource,
  object: KubeObject,
  context: ReconcileContext,
): KubeObject | undefined {
  try {
    return play(stage, resource, object, context)
  } catch (error) {
    if (!isProblem(error) && !(error instanceof StatusError)) throw error
    context.client.events.warning(object, 'StageFailed', `Stage ${stage.name}: ${error.message}`)
    return undefined
  }
}

/** Tells what is wrong with a Stage, since nobody reads KWOK's log here. */
function judge(key: string, { client }: ReconcileContext): Result {
  const stage = client.get(stageResource, key)
  if (!stage) return done
  try {
    readStage(stage)
    const isKnown = isFor(stage.spec, 'pods') || isFor(stage.spec, 'nodes')
    if (!isKnown) client.events.warning(stage, 'NotPlayed', 'only Stages for Pods and Nodes are played')
  } catch (error) {
    if (!isProblem(error)) throw error
    client.events.warning(stage, 'InvalidStage', error.message)
  }
  return done
}

/** Says that a fake node is alive. Upstream: NodeLeaseController. */
function renewLease(
  node: KubeObject | undefined,
  { client, clock, random }: ReconcileContext,
  isOurs: (node: KubeObject) => boolean,
): Result {
  if (!node || !isOurs(node)) return done
  const { name, uid } = node.metadata
  const renewTime = rfc3339Micro(clock.wall())
  const lease = client.live(leases, `kube-node-lease/${name}`)
  if (lease) client.update(leases, { ...lease, spec: { ...lease.spec, renewTime } })
  else {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }]
    const spec = { holderIdentity: component, leaseDurationSeconds: leaseSeconds, renewTime }
    client.create(
      leases,
      { metadata: { name, namespace: 'kube-node-lease', ownerReferences }, spec },
      'kube-node-lease',
    )
  }
  return requeueAfter(leasePeriodMs + random(leasePeriodMs * 0.04), true)
}
