import { deepEqual } from '../../lib/deep-equal.ts'
import { attachableVolumesOf, uniqueName } from '../storage/volumes-of-pods.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import type { PodState } from './state.ts'

/** Upstream: podAttachAndMountTimeout, 2 minutes and 3 seconds. */
const timeoutMs = 123_000
const longestPauseMs = 16_000

/** Are a pod's volumes attached to its node? If not, it is tried again later. */
export function areAttached(pod: PodState, environment: KubeletEnvironment): boolean {
  const { client, clock, name } = environment
  const volumes = attachableVolumesOf(pod.pod, (resource, key) => client.live(resource, key))
  if (volumes.length === 0) return true
  if (!pod.volumes) {
    pod.volumes = volumes.map(uniqueName)
    reportVolumes(environment)
  }
  const attached: readonly any[] = client.live('nodes', name)?.status?.volumesAttached ?? []
  if (pod.volumes.every((volume) => attached.some((one) => one.name === volume))) {
    delete pod.waitsSince
    return true
  }
  pod.waitsSince ??= clock.now()
  if (clock.now() - pod.waitsSince >= timeoutMs) {
    pod.waitsSince = clock.now()
    if (environment.online()) client.events.warning(pod.pod, 'FailedMount', timedOut(pod))
  }
  const pause = Math.min(500 * 2 ** pod.retries, longestPauseMs)
  pod.retries++
  later(environment, pause, { pod: pod.uid, step: 'mount', turn: pod.turn }, true)
  return false
}

function timedOut({ pod }: PodState): string {
  const names = pod.spec.volumes
    .filter((volume: any) => volume.persistentVolumeClaim || volume.ephemeral)
    .map(({ name }: { name: string }) => name)
    .join(' ')
  return `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[${names}], failed to process volumes=[]: context deadline exceeded`
}

/** Tells the control plane which attached volumes must not be taken away. */
export function reportVolumes({ state, client, name, online }: KubeletEnvironment): void {
  if (!online()) return
  const node = client.live('nodes', name)
  if (!node) return
  const names = new Set(state.pods.flatMap(({ volumes = [], stage }) => (stage === 'terminated' ? [] : volumes)))
  const volumesInUse = [...names].sort()
  if (deepEqual(volumesInUse, node.status?.volumesInUse ?? [])) return
  client.updateStatus('nodes', { ...node, status: { ...node.status, volumesInUse } })
}
