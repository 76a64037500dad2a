import { bytesQuantity } from '../../machinery/quantity.ts'
import type { KubeletEnvironment } from './environment.ts'
import { evict, evictionMessage, monitorMs, ranked, storedBy, storedInVolumes, transitionMs } from './eviction.ts'
import { imageReference } from './image-names.ts'
import { imagesOf } from './node-object.ts'
import { specOf, type ContainerState, type PodState } from './state.ts'
import { sizeOfTree } from './volumes.ts'

/** Upstream: evictionHard imagefs.available; nodefs, which is the same disk here, is scarce from 10 % on. A float32. */
const leastPart = Math.fround(0.15)
const resource = 'ephemeral-storage'

const thresholdOf = (diskBytes: number): number => Math.trunc(diskBytes * leastPart)

/** No fewer bytes than a pod's containers have on the disk, without looking into it: what is written over, or removed, may count. */
export function storedAtMost({ containers }: PodState): number {
  let bytes = 0
  for (const { kernel, stored = 0, log } of containers)
    bytes += stored + Math.max(0, kernel?.written ?? 0) + (kernel?.zeros ?? 0) + (log?.bytes ?? 0)
  return bytes
}

/** Something was put on the disk: when little may be left, it is looked at. */
export function diskChanged(environment: KubeletEnvironment): void {
  const { state, machine, containers } = environment
  if (state.watchesDisk) return
  const { diskBytes, images, taken } = machine()
  let used = containers.storedAtMost() + (taken?.diskBytes ?? 0)
  for (const name in images) used += images[name]!
  if (diskBytes - used >= thresholdOf(diskBytes)) return
  state.watchesDisk = true
  lookAgain(environment)
}

function lookAgain({ clock, actor, state }: KubeletEnvironment): void {
  const due = (Math.floor(clock.now() / monitorMs) + 1) * monitorMs
  clock.schedule(actor, due - clock.now(), { disk: true, boot: state.boots }, { background: true })
}

/** The node's disk is looked at. Upstream: managerImpl.synchronize: what nobody uses goes first, then one pod at a time. */
export function diskDue(environment: KubeletEnvironment): void {
  const { state, clock, client, name, machine } = environment
  const least = thresholdOf(machine().diskBytes)
  if (availableBytes(environment) < least) {
    const isNew = state.diskPressureSince === undefined
    state.diskPressureSince = clock.now()
    if (isNew) environment.reportNode()
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name } }
    client.events.warning(node, 'EvictionThresholdMet', `Attempting to reclaim ${resource}`)
    removeUnused(environment)
    const available = availableBytes(environment)
    const victim = available < least ? ranked(state.pods, resource, storedByPod)[0] : undefined
    if (victim) {
      const message = evictionMessage(victim, resource, bytesQuantity(least), available, storedBy)
      evict(environment, victim, message, true)
    }
  } else if (state.diskPressureSince === undefined || clock.now() - state.diskPressureSince >= transitionMs) {
    const wasFull = state.diskPressureSince !== undefined
    delete state.watchesDisk
    delete state.diskPressureSince
    if (wasFull) environment.reportNode()
    return
  }
  lookAgain(environment)
}

/** Bytes that are left of the machine's disk: images, what containers have written, logs, volumes. */
export function availableBytes({ state, machine }: KubeletEnvironment): number {
  let used = (state.disk ? sizeOfTree(state.disk) : 0) + (machine().taken?.diskBytes ?? 0)
  for (const { sizeBytes } of imagesOf(machine(), Infinity)) used += sizeBytes
  for (const pod of state.pods) {
    used += storedByPod(pod)
    for (const { previousLog } of pod.containers) used += previousLog?.bytes ?? 0
  }
  return machine().diskBytes - used
}

function storedByPod(pod: PodState): number {
  return pod.containers.reduce((sum: number, one: ContainerState) => sum + storedBy(one), 0) + storedInVolumes(pod)
}

/** Instances of containers that have ended go, and images that no pod here needs. Upstream: reclaimNodeLevelResources. */
function removeUnused(environment: KubeletEnvironment): void {
  const { state, machine } = environment
  const used = new Set<string>()
  for (const pod of state.pods)
    for (const one of pod.containers) {
      delete one.previousLog
      // What is not running may be wanted in a moment; upstream, what is two minutes young is kept.
      const image: string | undefined = one.state === 'running' ? one.image : specOf(pod, one)?.image
      if (image && pod.stage !== 'terminated') used.add(image).add(imageReference(image))
    }
  // Runtimes pin what holds pods' namespaces.
  const isKept = (name: string) => used.has(name) || /\/pause[:@]/.test(name)
  const unused = imagesOf(machine(), Infinity).filter(({ names }) => !names.some(isKept))
  if (unused.length > 0) environment.dropImages(unused.flatMap(({ names }) => names))
}
