import { isJobFinished } from '../../../kinds/job/conditions.ts'
import { parseTime } from '../../../lib/time.ts'
import { conditionOf } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

const jobs = 'jobs.batch'

/** Deletes finished Jobs when their time is over, pods first. Upstream: pkg/controller/ttlafterfinished. */
export const ttlAfterFinishedController = defineController({
  name: 'ttl-after-finished',
  for: jobs,
  concerns: ({ type, object }) => type !== 'DELETED' && expires(object),
  reconcile,
})

function expires(job: KubeObject): boolean {
  return job.spec.ttlSecondsAfterFinished !== undefined && !job.metadata.deletionTimestamp && isJobFinished(job)
}

function reconcile(key: string, { client, clock }: ReconcileContext): Result {
  const job = client.get(jobs, key)
  if (!job || !expires(job)) return done
  const remainingMs = expiryOf(job) - clock.wall()
  if (remainingMs > 0) return requeueAfter(remainingMs)
  // Somebody may have given it more time since.
  const live = client.live(jobs, key)
  if (!live || live.metadata.uid !== job.metadata.uid || !expires(live) || expiryOf(live) > clock.wall()) return done
  client.deleteIfPresent(jobs, key, { propagationPolicy: 'Foreground', preconditions: { uid: job.metadata.uid } })
  return done
}

function expiryOf(job: KubeObject): number {
  const last = ['Complete', 'Failed']
    .map((type) => conditionOf(job, type))
    .find((condition) => condition?.status === 'True')
  return parseTime(last!.lastTransitionTime) + job.spec.ttlSecondsAfterFinished * 1000
}
