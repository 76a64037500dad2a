import { StatusError } from '../../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { controllerOf, controllerReference, withOwner, withoutOwner } from '../../controller-runtime/owners.ts'
import { hasTracking, trackingFinalizer } from './pods.ts'

/** Pods that are the job's: adopts orphans that match, and lets go of those that no longer do, tracking included. */
export function claimPods(job: KubeObject, { client }: ReconcileContext): KubeObject[] {
  const { namespace = '', uid, deletionTimestamp } = job.metadata
  const matches = ({ metadata }: KubeObject) => matchesLabelSelector(job.spec.selector, metadata.labels ?? {})
  const owned: KubeObject[] = []
  for (const pod of client.ownedBy('pods', uid)) {
    if (matches(pod)) owned.push(pod)
    else if (!deletionTimestamp) client.update('pods', withoutTracking(withoutOwner(pod, uid)))
  }
  if (deletionTimestamp) return owned
  const cache = client.cache('pods')
  cache.addIndex('orphan', (pod) => (controllerOf(pod) ? [] : [pod.metadata.namespace ?? '']))
  for (const pod of cache.byIndex('orphan', namespace)) {
    if (pod.metadata.deletionTimestamp || !matches(pod)) continue
    const live = client.live('jobs.batch', keyOf(job))
    if (live?.metadata.uid !== uid || live.metadata.deletionTimestamp) continue
    owned.push(client.update('pods', withTracking(withOwner(pod, controllerReference(job)))))
  }
  return owned
}

function withTracking(pod: KubeObject): KubeObject {
  if (hasTracking(pod)) return pod
  const finalizers = [...(pod.metadata.finalizers ?? []), trackingFinalizer]
  return { ...pod, metadata: { ...pod.metadata, finalizers } }
}

function withoutTracking(pod: KubeObject): KubeObject {
  const { finalizers = [], ...metadata } = pod.metadata
  const others = finalizers.filter((one) => one !== trackingFinalizer)
  return { ...pod, metadata: { ...metadata, ...(others.length > 0 && { finalizers: others }) } }
}

/** Takes the tracking finalizer off a pod, whatever else was written to it meanwhile. */
export function stopTracking({ client }: ReconcileContext, pod: KubeObject): void {
  if (!hasTracking(pod)) return
  try {
    client.update('pods', withoutTracking(pod))
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'Conflict') throw error
    // Upstream patches right away; that takes twice as long, and most of the time nobody else wrote.
    const metadata = { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] }
    client.patch('pods', keyOf(pod), { type: 'strategic', patch: { metadata } })
  }
}
