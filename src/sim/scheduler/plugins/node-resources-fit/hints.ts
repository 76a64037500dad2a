import type { KubeObject } from '../../../../machinery/objects.ts'
import { wholeValue } from '../../../../machinery/quantity.ts'
import { isSame, type Hint } from '../../framework/hints.ts'
import { askedBy, resourcesOf, type Resources } from '../../framework/pod-info.ts'

const plain = ['milliCPU', 'memory', 'ephemeralStorage'] as const

/** The node is large enough, and is new or grew in what the pod asks for. Upstream: isSchedulableAfterNodeChange. */
export const nodeHint: Hint = ({ requests }, { object, old }) => {
  const now = allocatable(object)
  if (now.pods < 1 || !isWithin(requests, now.resources)) return false
  if (!old) return true
  const before = allocatable(old)
  return now.pods > before.pods || exceedsSomewhere(now.resources, before.resources, requests)
}

/** The waiting pod or one with a node asks for less than before. Upstream: isSchedulableAfterPodScaleDown. */
export const shrunkHint: Hint = ({ pod, requests }, { object, old }) => {
  if (!old) return false
  const shrunk = (wanted: Resources) => exceedsSomewhere(askedBy(old).requests, askedBy(object).requests, wanted)
  return isSame(pod, object) ? shrunk(askedBy(old).requests) : shrunk(requests)
}

function allocatable({ status }: KubeObject): { resources: Resources; pods: number } {
  return { resources: resourcesOf(status?.allocatable), pods: wholeValue(status?.allocatable?.pods) }
}

function isWithin(requests: Resources, room: Resources): boolean {
  for (const name of plain) if (requests[name] > room[name]) return false
  for (const name in requests.scalar) if (requests.scalar[name]! > (room.scalar?.[name] ?? 0)) return false
  return true
}

/** Is there more in one than in the other of something that is asked for? */
function exceedsSomewhere(more: Resources, less: Resources, asked: Resources): boolean {
  for (const name of plain) if (asked[name] > 0 && more[name] > less[name]) return true
  for (const name in asked.scalar)
    if (asked.scalar[name]! > 0 && (more.scalar?.[name] ?? 0) > (less.scalar?.[name] ?? 0)) return true
  return false
}
