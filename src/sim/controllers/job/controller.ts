import { isJobFinished } from '../../../kinds/job/conditions.ts'
import { isActive } from '../../../kinds/pod/conditions.ts'
import { keyOf } from '../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import {
  defineController,
  done,
  requeueAfter,
  timeFor,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerOf } from '../../controller-runtime/owners.ts'
import { claimPods } from './claim.ts'
import { decideEnd, isComplete } from './end.ts'
import { deletePods, managePods } from './manage.ts'
import { isManagedElsewhere } from './pods.ts'
import { lookAt, type JobSync } from './sync.ts'
import { withCondition } from './status.ts'
import { trackStatus } from './track.ts'

const jobs = 'jobs.batch'
/** Changes of pods and of statuses are dealt with once a second. Upstream: syncJobBatchPeriod. */
const batchMs = 1000

/** Runs the pods of Jobs, and counts how they end. Upstream: pkg/controller/job. */
export const jobController = defineController({
  name: 'job',
  for: jobs,
  owns: ['pods'],
  ownerKind: 'Job',
  waitsMs: (resource, { type, object, old }) =>
    resource === 'pods' || (type === 'MODIFIED' && object.metadata.generation === old?.metadata.generation)
      ? batchMs
      : 0,
  backoffMs: [1000, 60_000],
  watches: {
    // An orphan may be somebody's to adopt.
    pods: (pod, { client }) => {
      if (controllerOf(pod)) return []
      const { namespace, labels = {} } = pod.metadata
      return client
        .list(jobs)
        .filter((job) => job.metadata.namespace === namespace && matchesLabelSelector(job.spec.selector, labels))
        .map(keyOf)
    },
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, memory } = context
  const job = client.get(jobs, key)
  if (!job || isJobFinished(job)) memory.delete(key)
  if (!job || isJobFinished(job) || isManagedElsewhere(job)) return done
  const pods = claimPods(job, context)
  const sync = lookAt(job, pods, context)
  decideEnd(sync, context)
  if (sync.end) deleteRest(sync, context)
  else if (!job.metadata.deletionTimestamp) {
    managePods(sync, context)
    setSuspended(sync, context)
  }
  if (!sync.end && isComplete(sync)) sync.end = { type: 'SuccessCriteriaMet', ...reached }
  trackStatus(sync, context)
  if (sync.failure) throw sync.failure
  return { ...requeueAfter(sync.againInMs, false), tookMs: timeFor(pods.length) }
}

const reached = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }

/** A job that ends takes its pods with it; while one of them cannot be deleted, it has not ended. */
function deleteRest(sync: JobSync, context: ReconcileContext): void {
  const active = sync.pods.filter(isActive)
  if (deletePods(sync, active, context) < active.length) sync.end = undefined
}

/** Tells when the job was suspended or resumed; its time counts from then on. */
function setSuspended(sync: JobSync, { client }: ReconcileContext): void {
  const { job, status } = sync
  if (isComplete(sync)) return
  const suspended: boolean = job.spec.suspend === true
  const reason = suspended ? 'JobSuspended' : 'JobResumed'
  const message = suspended ? 'Job suspended' : 'Job resumed'
  const now = client.timestamp()
  const conditions = withCondition(status.conditions, 'Suspended', suspended ? 'True' : 'False', reason, message, now)
  if (conditions === status.conditions) return
  sync.mustWrite = true
  status.conditions = conditions
  if (suspended) delete status.startTime
  else status.startTime = now
  client.events.normal(job, suspended ? 'Suspended' : 'Resumed', message)
}
