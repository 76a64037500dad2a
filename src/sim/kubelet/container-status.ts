import { fnv1aHex } from '../../lib/fnv1a.ts'
import { addQuantities } from '../../machinery/quantity.ts'
import type { Machine } from '../machines/machine.ts'
import { imageReference } from './image-names.ts'
import { shownState } from './pod-phase.ts'
import { specOf, type ContainerState, type PodState } from './state.ts'

/** A container's status. Upstream: convertToAPIContainerStatuses. */
export function containerStatus(pod: PodState, container: ContainerState, machine: Machine): unknown {
  const { name, kind, state, termination, last, waiting } = container
  const spec = specOf(pod, container) ?? {}
  const shown = shownState(pod, container)
  const made = state !== 'none'
  const before = shown === 'waiting' && made ? termination : last
  return {
    name,
    state:
      shown === 'running'
        ? { running: { startedAt: container.startedAt } }
        : shown === 'terminated'
          ? { terminated: termination }
          : { waiting: waiting ? { ...waiting } : { reason: defaultReason(pod) } },
    lastState: before ? { terminated: before } : {},
    ready:
      kind === 'init' ? shown === 'terminated' && termination?.exitCode === 0 : kind !== 'ephemeral' && container.ready,
    restartCount: container.restartCount,
    image: made ? firstName(container.image ?? spec.image ?? '', machine) : (spec.image ?? ''),
    imageID: made ? imageIdOf(container.image ?? spec.image ?? '', machine) : '',
    ...(container.containerID && { containerID: container.containerID }),
    ...(kind !== 'ephemeral' && { started: kind === 'init' ? shown === 'running' : container.started }),
    ...(made && allocated(spec)),
    ...(made && { user: { linux: userOf(pod, spec) } }),
    ...(spec.volumeMounts?.length > 0 && { volumeMounts: spec.volumeMounts.map(mountStatus) }),
  }
}

function defaultReason({ pod }: PodState): string {
  return pod.spec.initContainers?.length > 0 ? 'PodInitializing' : 'ContainerCreating'
}

function allocated({ resources = {} }: any): { allocatedResources?: unknown; resources: unknown } {
  const { requests, limits } = resources
  return {
    ...(requests && { allocatedResources: requests }),
    resources: { ...(limits && { limits }), ...(requests && { requests }) },
  }
}

function mountStatus({ name, mountPath, readOnly, recursiveReadOnly }: any): unknown {
  return {
    name,
    mountPath,
    ...(readOnly && { readOnly, recursiveReadOnly: recursiveReadOnly === 'Enabled' ? 'Enabled' : 'Disabled' }),
  }
}

/** Who a container's first process is. The image's own user is found in its table of users, which is not looked at here. */
export function userOf(
  { pod }: PodState,
  spec: any,
  imageUser = 0,
): { uid: number; gid: number; supplementalGroups: number[] } {
  const own = spec.securityContext ?? {}
  const shared = pod.spec.securityContext ?? {}
  const uid = own.runAsUser ?? shared.runAsUser ?? imageUser
  const gid = own.runAsGroup ?? shared.runAsGroup ?? 0
  const groups = new Set<number>([
    gid,
    ...(shared.fsGroup !== undefined ? [shared.fsGroup] : []),
    ...(shared.supplementalGroups ?? []),
  ])
  return { uid, gid, supplementalGroups: [...groups].sort((a, b) => a - b) }
}

/** What all of a pod's containers together are given. */
export function podResources({ pod }: PodState, before: any, unlimited: boolean): Record<string, unknown> {
  const requests: Record<string, string> = { ...pod.spec.resources?.requests }
  const limits: Record<string, string> = { ...pod.spec.resources?.limits }
  const add = (list: Record<string, string>, more: Record<string, string> | undefined) => {
    for (const [name, amount] of Object.entries(more ?? {}))
      list[name] = Object.hasOwn(list, name) ? addQuantities(list[name]!, amount) : amount
  }
  const sums = [
    ...pod.spec.containers,
    ...(pod.spec.initContainers ?? []).filter(({ restartPolicy }: any) => restartPolicy === 'Always'),
  ]
  if (!pod.spec.resources)
    for (const { resources } of sums) {
      add(requests, resources?.requests)
      add(limits, resources?.limits)
    }
  // A limit is one only where all have it.
  for (const name of Object.keys(limits))
    if (!pod.spec.resources && !sums.every(({ resources }) => resources?.limits?.[name] !== undefined))
      delete limits[name]
  // Version 1 of control groups says a number where there is no limit; it is read once the pod has run.
  if (unlimited && before?.phase === 'Running' && limits.memory === undefined) limits.memory = '9007199254740988Ki'
  const some = (list: object) => Object.keys(list).length > 0
  return {
    ...(some(requests) && { allocatedResources: requests }),
    resources: { ...(some(limits) && { limits }), ...(some(requests) && { requests }) },
  }
}

/** An image is called by the first of its names on the machine: several tags may mean the same one. */
function firstName(image: string, machine: Machine): string {
  const reference = imageReference(image)
  const contents = machine.registry?.images
  if (!contents) return reference
  const content = contents[reference]?.content
  if (content === undefined) return reference
  const same = Object.keys(machine.images).filter((one) => contents[one]?.content === content)
  return same.sort()[0] ?? reference
}

/** `docker.io/library/nginx@sha256:…` */
export function imageIdOf(image: string, { registry }: Machine): string {
  const reference = imageReference(image)
  const at = reference.indexOf('@')
  if (at >= 0) return reference
  const name = reference.slice(0, reference.lastIndexOf(':'))
  return `${name}@sha256:${digestOf(registry?.images?.[reference]?.content ?? reference)}`
}

// A pure function's memo, bounded: the same few images come in every status.
const digests = new Map<string, string>()

/** 64 hexadecimal digits that follow from a text: the same image has the same digest everywhere. */
export function digestOf(text: string): string {
  const known = digests.get(text)
  if (known) return known
  let out = ''
  for (let round = 0; round < 8; round++) out += fnv1aHex(text, round)
  if (digests.size >= 1000) digests.clear()
  digests.set(text, out)
  return out
}
