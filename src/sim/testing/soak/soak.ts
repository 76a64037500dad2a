import { seededRandom } from '../../../lib/random.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { createCluster, type Cluster } from '../../cluster.ts'
import { testMachine } from '../scenario.ts'
import { Invariants } from './invariants.ts'
import { prepare, randomOperation } from './operations.ts'

export interface SoakOptions {
  readonly seed: number
  readonly nodes: number
  /** Simulated. */
  readonly minutes: number
}

export interface SoakReport {
  readonly operations: number
  readonly writes: number
  readonly pods: number
  /** The first things that must not be, with what was done before. */
  readonly broken: readonly string[]
  readonly log: readonly string[]
}

/** Everything is left alone for so long at the end: longer than the longest back-off of a queue, 1,000 s. */
const calmMinutes = 20

/** Random operations and failures, every invariant looked at after each of them; stops at the first that is broken. */
export function soak({ seed, nodes, minutes }: SoakOptions): SoakReport {
  const random = seededRandom(seed)
  const cluster = createCluster({
    seed,
    machines: Array.from({ length: nodes }, (_, index) =>
      testMachine(`node-${index}`, { zone: `zone-${'abc'[index % 3]}` }),
    ),
  })
  cluster.runFor(10_000)
  prepare(cluster)
  const invariants = new Invariants(cluster)
  const log: string[] = []
  const end = cluster.now() + minutes * 60_000
  let operations = 0
  while (cluster.now() < end && invariants.broken.length === 0) {
    const done = randomOperation(cluster, random)
    operations++
    if (done) log.push(`${cluster.now()} ${done}`)
    if (done?.startsWith('evict ')) invariants.evicted(done.slice('evict '.length))
    cluster.runFor(200 + random.below(random.below(20) === 0 ? 60_000 : 3000))
    invariants.check()
  }
  if (invariants.broken.length === 0) {
    heal(cluster)
    cluster.runFor(calmMinutes * 60_000)
    invariants.check()
    invariants.broken.push(...unsettled(cluster))
  }
  const pods = cluster.api.list('pods').length
  return { operations, writes: cluster.api.etcd.revision, pods, broken: invariants.broken, log: log.slice(-40) }
}

/** Puts every machine back on its feet, and stops what starts things by the clock. */
function heal(cluster: Cluster): void {
  for (const { name } of cluster.machines.list()) {
    cluster.machines.plug(name)
    cluster.machines.powerOn(name)
  }
  cluster.runFor(60_000)
  for (const { metadata } of cluster.api.list('nodes'))
    cluster.api.patch('nodes', metadata.name, { type: 'merge', patch: { spec: { unschedulable: null } } })
  for (const { metadata } of cluster.api.list('resourcequotas'))
    cluster.api.delete('resourcequotas', `${metadata.namespace}/${metadata.name}`)
  for (const { metadata } of cluster.api.list('cronjobs.batch'))
    cluster.api.patch('cronjobs.batch', `${metadata.namespace}/${metadata.name}`, {
      type: 'merge',
      patch: { spec: { suspend: true } },
    })
}

/** Workloads that should be as asked for after a while without disturbance, and are not. */
function unsettled(cluster: Cluster): string[] {
  const problems: string[] = []
  for (const resource of ['replicasets.apps', 'replicationcontrollers', 'statefulsets.apps']) {
    for (const { metadata, spec, status } of cluster.api.list(resource)) {
      if (metadata.deletionTimestamp) problems.push(`${resource} ${metadata.name} never goes`)
      const isStateful = resource === 'statefulsets.apps'
      if (isStateful && mayWaitForEver(cluster, metadata, spec)) continue
      if (status.replicas !== spec.replicas)
        problems.push(`${resource} ${metadata.namespace}/${metadata.name}: ${status.replicas} of ${spec.replicas} pods`)
    }
  }
  for (const { metadata, status } of cluster.api.list('daemonsets.apps'))
    if (status.currentNumberScheduled !== status.desiredNumberScheduled || status.numberMisscheduled > 0)
      problems.push(`daemonset ${metadata.namespace}/${metadata.name}: ${JSON.stringify(status)}`)
  for (const { metadata } of cluster.api.list('pods'))
    if (metadata.deletionTimestamp) problems.push(`pod ${metadata.namespace}/${metadata.name} never goes`)
  for (const { metadata } of cluster.api.list('namespaces'))
    if (metadata.deletionTimestamp) problems.push(`namespace ${metadata.name} never goes`)
  return problems
}

/**
 * A StatefulSet stops at a pod that does not get ready when it goes in order, at a pod that it let go and that keeps the
 * name that it would give, and at a claim that is to go and is in use.
 */
function mayWaitForEver(cluster: Cluster, { name, namespace, uid }: KubeObject['metadata'], spec: any): boolean {
  if (spec.podManagementPolicy !== 'Parallel') return true
  const numbered = (text: string, prefix: string) => text.startsWith(prefix) && /^\d+$/.test(text.slice(prefix.length))
  const squatted = cluster.api
    .list('pods', namespace)
    .some(
      ({ metadata }) =>
        numbered(metadata.name, `${name}-`) && !metadata.ownerReferences?.some((owner) => owner.uid === uid),
    )
  const goes = ({ metadata }: KubeObject) => metadata.deletionTimestamp && numbered(metadata.name, `data-${name}-`)
  return squatted || cluster.api.list('persistentvolumeclaims', namespace).some(goes)
}
