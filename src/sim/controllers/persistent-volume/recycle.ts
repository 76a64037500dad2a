import { wholeValue } from '../../../machinery/quantity.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import { fail, unbind } from './bind.ts'

const namespace = 'default'
/** Names of recyclers, whom a change of their pod concerns. */
export const recyclerPrefix = 'recycler-for-'
/** Upstream: defaultScrubPod. */
const image = 'registry.k8s.io/debian-base:v2.0.0'
const script = 'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1'
const gibibyte = 2 ** 30

/** Has a pod empty a volume for its next user. Upstream: recycleVolumeOperation, RecycleVolumeByWatchingPodUntilCompletion. */
export function recycle(volume: KubeObject, client: Client): void {
  const { name } = volume.metadata
  if (!volume.spec.nfs && !volume.spec.hostPath)
    return fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!', client)
  const key = `${namespace}/${recyclerPrefix}${name}`
  const pod = client.live('pods', key)
  if (!pod) {
    // One that could not be emptied waits for somebody to look into it.
    if (volume.status?.phase === 'Failed') return
    client.create('pods', recyclerFor(volume), namespace)
    return
  }
  const { phase, message } = pod.status
  if (phase !== 'Succeeded' && phase !== 'Failed') return
  client.deleteIfPresent('pods', keyOf(pod))
  if (phase === 'Failed') {
    const why = message ? `pod failed, pod.Status.Message: ${message}` : 'pod failed, pod.Status.Message unknown'
    return fail(volume, 'VolumeFailedRecycle', `Recycle failed: ${why}`, client)
  }
  client.events.normal(volume, 'VolumeRecycled', 'Volume recycled')
  unbind(volume, client)
}

function recyclerFor({ metadata, spec }: KubeObject): unknown {
  const { nfs, hostPath, capacity } = spec
  // Half a minute for each GiB, beside what it takes to start.
  const seconds = Math.max(nfs ? 300 : 60, 30 * Math.floor(wholeValue(capacity?.storage) / gibibyte))
  return {
    metadata: { name: `${recyclerPrefix}${metadata.name}`, namespace },
    spec: {
      activeDeadlineSeconds: seconds,
      restartPolicy: 'Never',
      volumes: [{ name: 'vol', ...(nfs ? { nfs } : { hostPath }) }],
      containers: [
        {
          name: 'pv-recycler',
          image,
          command: ['/bin/sh'],
          args: ['-c', script],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
    },
  }
}
