import { parseTime } from '../../lib/time.ts'
import { wholeValue } from '../../machinery/quantity.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { terminationOf } from './pod-status.ts'
import { specOf, type ContainerState, type PodState } from './state.ts'

/** What a kubelet knows of a pod that is new to it. */
export function newPodState(object: KubeObject, now: string, epoch: number): PodState {
  const startTime = object.status?.startTime ?? now
  return {
    uid: object.metadata.uid,
    key: keyOf(object),
    pod: object,
    stage: 'running',
    startTime,
    startedMs: parseTime(startTime) - epoch,
    sandbox: 'none',
    mounted: false,
    containers: containersOf(object, now),
    queue: [],
    again: false,
    dirty: false,
    turn: 0,
    retries: 0,
  }
}

/** A pod's containers before anything ran; after a power cut they carry on counting from what the API remembers. */
function containersOf(pod: KubeObject, now: string): ContainerState[] {
  const make = (spec: any, kind: ContainerState['kind'], statuses: readonly any[] | undefined): ContainerState => {
    const container = newContainer(spec.name, kind)
    const before = statuses?.find((one) => one.name === spec.name)
    if (before?.containerID === undefined) return container
    container.restartCount = before.restartCount + 1
    if (before.state?.running)
      container.last = {
        ...terminationOf(container, 255, 'Unknown', now),
        startedAt: before.state.running.startedAt,
        containerID: before.containerID,
      }
    else if (before.state?.terminated) container.last = before.state.terminated
    return container
  }
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec
  const { status } = pod
  return [
    ...initContainers.map((spec: any) =>
      make(spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init', status?.initContainerStatuses),
    ),
    ...containers.map((spec: any) => make(spec, 'main', status?.containerStatuses)),
    ...ephemeralContainers.map((spec: any) => make(spec, 'ephemeral', status?.ephemeralContainerStatuses)),
  ]
}

/** Bytes of memory that a container may use; undefined when it may use all. */
export function memoryLimitOf(pod: PodState, container: ContainerState): number | undefined {
  const limit = specOf(pod, container)?.resources?.limits?.memory ?? pod.pod.spec.resources?.limits?.memory
  return limit === undefined ? undefined : wholeValue(limit)
}

/** A container before it was ever started. */
function newContainer(name: string, kind: ContainerState['kind']): ContainerState {
  return {
    name,
    kind,
    state: 'none',
    restartCount: 0,
    run: 0,
    startedMs: 0,
    finishedMs: 0,
    started: false,
    ready: false,
    probes: {},
  }
}

/** Containers that were added to a running pod. */
export function addEphemeral({ pod, containers }: PodState): void {
  for (const { name } of pod.spec.ephemeralContainers ?? [])
    if (!containers.some((one) => one.name === name)) containers.push(newContainer(name, 'ephemeral'))
}
