import { isJobFinished } from '../../../kinds/job/conditions.ts'
import { isNotFound } from '../../client/client.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { controllerOf } from '../../controller-runtime/owners.ts'
import { stopTracking } from './claim.ts'
import { hasTracking, isManagedElsewhere } from './pods.ts'

/** Frees pods of the finalizer of a job that is gone or done with them. Upstream: syncOrphanPod. */
export const jobOrphanController = defineController({
  name: 'job-orphan',
  component: 'job-controller',
  for: 'pods',
  concerns: ({ object: pod }) => hasTracking(pod) && (!controllerOf(pod) || !!pod.metadata.deletionTimestamp),
  watches: {
    'jobs.batch': (job, { client }, { type }) =>
      type === 'DELETED' || isJobFinished(job)
        ? client.ownedBy('pods', job.metadata.uid).filter(hasTracking).map(keyOf)
        : [],
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const pod = context.client.get('pods', key)
  if (!pod || !hasTracking(pod) || !isOrphan(pod, context)) return done
  try {
    stopTracking(context, pod)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  return done
}

function isOrphan(pod: KubeObject, { client }: ReconcileContext): boolean {
  const owner = controllerOf(pod)
  if (!owner) return true
  if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return false
  const job = client.get('jobs.batch', `${pod.metadata.namespace}/${owner.name}`)
  if (job?.metadata.uid !== owner.uid) return true
  return isJobFinished(job) && !isManagedElsewhere(job)
}
