import { areAttached } from './attached-volumes.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { unboundClaim, volumeProblem } from './volume-problems.ts'
import type { PodState } from './state.ts'

/** Upstream: goroutinemap's exponential back-off between tries of one volume, and the worker's wait for all of them. */
const firstPauseMs = 500
const longestPauseMs = 122_000

/** Sets up a pod's volumes, and goes on when they are there. */
export function mount(environment: KubeletEnvironment, pod: PodState): void {
  if (pod.work?.do !== 'mount') return
  if (pod.mounted) return environment.workers.act(pod)
  const { client, latencies } = environment
  const claim = unboundClaim(pod.pod, client)
  const problem = claim ? undefined : volumeProblem(environment, pod.pod)
  if (!claim && !problem) {
    if (!areAttached(pod, environment)) return
    pod.retries = 0
    pod.mounted = true
    const hasClaims = pod.pod.spec.volumes?.some((volume: any) => volume.persistentVolumeClaim)
    if (!hasClaims) return environment.workers.act(pod)
    return later(environment, latencies.mountVolume, { pod: pod.uid, step: 'mount', turn: pod.turn })
  }
  if (problem) client.events.warning(pod.pod, 'FailedMount', problem)
  const pause = Math.min(firstPauseMs * 2 ** pod.retries++, longestPauseMs)
  later(environment, pause, { pod: pod.uid, step: 'mount', turn: pod.turn })
}
