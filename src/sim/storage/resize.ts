import { isReady } from '../../kinds/pod/conditions.ts'
import { compareQuantities } from '../../machinery/quantity.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import { claims, volumes } from '../../kinds/persistentvolume/names.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../controller-runtime/controller.ts'
import { claimKeysOf } from '../../kinds/pod/claims.ts'
import { provisionerNamed, type Provisioner } from './provisioners.ts'

const mountPauseMs = 500

/** Does a claim ask for more than it has? */
export function wantsMore({ spec, status }: KubeObject): boolean {
  const has: string | undefined = status?.capacity?.storage
  return has !== undefined && compareQuantities(spec.resources?.requests?.storage ?? '0', has) > 0
}

/**
 * Makes volumes larger: first the volume, then, when a pod uses it, the file system on its node. As csi-resizer and
 * the kubelet do together.
 */
export const volumeResizer = defineController({
  name: 'volume-resizer',
  component: 'csi-resizer',
  for: claims,
  watches: {
    pods: (pod, { client }, { old }) =>
      pod.status?.phase === 'Running' && old?.status?.phase !== 'Running'
        ? claimKeysOf(pod).filter((key) => conditionOf(client.get(claims, key), 'FileSystemResizePending'))
        : [],
  },
  reconcile: (key, context) => {
    const { client, memory } = context
    const claim = client.get(claims, key)
    const volume = claim?.status?.phase === 'Bound' ? client.get(volumes, claim.spec.volumeName) : undefined
    const provisioner = provisionerNamed(volume?.spec.csi?.driver)
    if (!claim || !volume || !provisioner?.expands || !wantsMore(claim)) {
      memory.delete(key)
      return done
    }
    const wanted: string = claim.spec.resources.requests.storage
    if (compareQuantities(volume.spec.capacity.storage, wanted) < 0)
      return growVolume(key, claim, volume, provisioner, context)
    return growFileSystem(key, claim, volume, context)
  },
})

function growVolume(
  key: string,
  claim: KubeObject,
  volume: KubeObject,
  provisioner: Provisioner,
  { client, clock, memory }: ReconcileContext,
): Result {
  const wanted: string = claim.spec.resources.requests.storage
  const started: { size: string; due: number } | undefined = memory.get(key)
  if (started?.size !== wanted) {
    memory.set(key, { size: wanted, due: clock.now() + provisioner.latencyMs.expand })
    client.events.normal(claim, 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`)
    setStatus(claim, 'Resizing', 'ControllerResizeInProgress', client)
    return requeueAfter(provisioner.latencyMs.expand)
  }
  if (started.due > clock.now()) return requeueAfter(started.due - clock.now())
  memory.delete(key)
  client.update(volumes, {
    ...volume,
    spec: { ...volume.spec, capacity: { ...volume.spec.capacity, storage: wanted } },
  })
  if (!provisioner.attaches) {
    finish(claim, client)
    client.events.normal(claim, 'VolumeResizeSuccessful', 'Resize volume succeeded')
    return done
  }
  setStatus(claim, 'FileSystemResizePending', 'NodeResizePending', client)
  client.events.normal(claim, 'FileSystemResizeRequired', 'Require file system resize of volume on node')
  return done
}

/** The kubelet's part. */
function growFileSystem(
  key: string,
  claim: KubeObject,
  volume: KubeObject,
  { client, memory, clock }: ReconcileContext,
): Result {
  const pod = client
    .cache('pods')
    .byIndex('namespace', claim.metadata.namespace ?? '')
    .find((one) => one.status?.phase === 'Running' && claimKeysOf(one).includes(key))
  const node = pod && client.get('nodes', pod.spec.nodeName)
  if (!node || !isReady(node)) return done
  const due: number = memory.get(key)?.due ?? clock.now() + mountPauseMs
  if (due > clock.now()) {
    memory.set(key, { size: '', due })
    return requeueAfter(due - clock.now())
  }
  memory.delete(key)
  finish(claim, client)
  const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${pod.spec.nodeName}`
  const { component, host } = client.events
  client.events.component = 'kubelet'
  client.events.host = pod.spec.nodeName
  client.events.normal(pod, 'FileSystemResizeSuccessful', message)
  client.events.normal(claim, 'FileSystemResizeSuccessful', message)
  client.events.component = component
  client.events.host = host
  return done
}

function conditionOf(claim: KubeObject | undefined, type: string): any {
  return claim?.status?.conditions?.find((one: any) => one.type === type)
}

const ours = new Set(['Resizing', 'FileSystemResizePending'])
const pendingMessage = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.'

function setStatus(claim: KubeObject, type: string, stage: string, client: Client): void {
  const others = (claim.status.conditions ?? []).filter((one: any) => !ours.has(one.type))
  const message = type === 'FileSystemResizePending' ? { message: pendingMessage } : {}
  const condition = { type, status: 'True', lastProbeTime: null, lastTransitionTime: client.timestamp(), ...message }
  client.updateStatus(claims, {
    ...claim,
    status: {
      ...claim.status,
      conditions: [...others, condition],
      allocatedResources: { storage: claim.spec.resources.requests.storage },
      allocatedResourceStatuses: { storage: stage },
    },
  })
}

function finish(claim: KubeObject, client: Client): void {
  const { conditions = [], allocatedResourceStatuses: _stage, ...status } = claim.status
  const left = conditions.filter((one: any) => !ours.has(one.type))
  const { storage } = claim.spec.resources.requests
  client.updateStatus(claims, {
    ...claim,
    status: {
      ...status,
      ...(left.length > 0 && { conditions: left }),
      capacity: { ...status.capacity, storage },
      allocatedResources: { storage },
    },
  })
}
