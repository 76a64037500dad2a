import { attachments } from '../../../kinds/persistentvolume/names.ts'
import { deepEqual } from '../../../lib/deep-equal.ts'
import { sha256 } from '../../../lib/sha256.ts'
import { utf8Bytes } from '../../../lib/utf8.ts'
import { isFinished, isReady } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { isAlreadyExists, type Client } from '../../client/client.ts'
import {
  defineController,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { attachableVolumesOf, uniqueName } from '../../storage/volumes-of-pods.ts'
import { outOfServiceTaint } from '../../../kinds/node/taints.ts'
import { isShared, reportMultiAttach } from './multi-attach.ts'

/** How long a node that is not ready is waited for to unmount a volume. Upstream: maxWaitForUnmountDuration. */
const maxUnmountMs = 360_000

/** Attaches volumes to the nodes whose pods use them, and detaches them when none does. Upstream: pkg/controller/volume/attachdetach. */
export const attachDetachController = defineController({
  name: 'attachdetach',
  component: 'attachdetach-controller',
  for: 'nodes',
  concerns: ({ object, old, type }) =>
    type !== 'MODIFIED' ||
    !deepEqual(object.status?.volumesInUse, old?.status?.volumesInUse) ||
    !deepEqual(object.spec?.taints, old?.spec?.taints),
  watches: {
    pods: ({ spec, metadata, status }, _context, { old, type }) =>
      spec.nodeName &&
      spec.volumes?.some((volume: any) => volume.persistentVolumeClaim || volume.ephemeral) &&
      (type !== 'MODIFIED' ||
        old?.spec.nodeName !== spec.nodeName ||
        old?.status?.phase !== status?.phase ||
        old?.metadata.deletionTimestamp !== metadata.deletionTimestamp)
        ? [spec.nodeName]
        : [],
    [attachments]: (attachment, { client }, { type }) => {
      const { nodeName, source } = attachment.spec
      return type === 'DELETED' ? [nodeName, ...nodesThatWant(source.persistentVolumeName, client)] : [nodeName]
    },
  },
  reconcile,
})

/** The nodes whose pods use a volume. */
function nodesThatWant(volumeName: string, client: Client): string[] {
  return usersOf(client.get('persistentvolumes', volumeName), client).map(({ spec }) => spec.nodeName)
}

function usersOf(volume: KubeObject | undefined, client: Client): KubeObject[] {
  const reference = volume?.spec.claimRef
  if (!reference) return []
  return client
    .cache('pods')
    .byIndex('namespace', reference.namespace)
    .filter((pod) => pod.spec.nodeName && !isFinished(pod) && wanted(pod, client).includes(volume!))
}

function wanted(pod: KubeObject, client: Client): KubeObject[] {
  return attachableVolumesOf(pod, (resource, key) => client.get(resource, key))
}

interface Want {
  readonly volume: KubeObject
  readonly pods: KubeObject[]
}

function reconcile(node: string, context: ReconcileContext): Result {
  const { client } = context
  const cache = client.cache(attachments)
  cache.addIndex('node', ({ spec }) => [spec.nodeName])
  cache.addIndex('volume', ({ spec }) => [spec.source.persistentVolumeName ?? ''])
  const wants = wantsOf(node, client)
  const present = cache.byIndex('node', node)
  if (wants.size === 0 && present.length === 0) return {}
  let again = Number.POSITIVE_INFINITY
  // What is to go goes first, so that other nodes can have it.
  for (const attachment of present)
    if (!wants.has(attachment.spec.source.persistentVolumeName))
      again = Math.min(again, detach(attachment, node, context))
  for (const want of wants.values()) attach(want, node, present, context)
  reportAttached(node, wants, client)
  return again === Number.POSITIVE_INFINITY ? {} : requeueAfter(again)
}

function wantsOf(node: string, client: Client): Map<string, Want> {
  const wants = new Map<string, Want>()
  const annotations = client.get('nodes', node)?.metadata.annotations
  if (annotations?.['volumes.kubernetes.io/controller-managed-attach-detach'] !== 'true') return wants
  for (const pod of client.cache('pods').byIndex('node', node)) {
    if (isFinished(pod)) continue
    for (const volume of wanted(pod, client)) {
      const want = wants.get(volume.metadata.name)
      if (want) want.pods.push(pod)
      else wants.set(volume.metadata.name, { volume, pods: [pod] })
    }
  }
  return wants
}

function attach({ volume, pods }: Want, node: string, present: readonly KubeObject[], context: ReconcileContext): void {
  const { client, memory } = context
  const { name } = volume.metadata
  const mark = `${node} ${name}`
  memory.delete(`${mark} unmount`)
  if (present.some(({ spec }) => spec.source.persistentVolumeName === name)) {
    memory.delete(mark)
    return
  }
  const others = client.cache(attachments).byIndex('volume', name)
  if (others.length > 0 && !isShared(volume)) {
    if (memory.get(mark)) return
    memory.set(mark, true)
    const elsewhere = new Set(others.map(({ spec }) => spec.nodeName))
    reportMultiAttach(
      volume,
      pods,
      usersOf(volume, client).filter(({ spec }) => elsewhere.has(spec.nodeName)),
      client,
    )
    return
  }
  memory.delete(mark)
  const { driver, volumeHandle } = volume.spec.csi
  try {
    client.create(attachments, {
      metadata: { name: attachmentName(`${volumeHandle}${driver}${node}`) },
      spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: name } },
    })
  } catch (error) {
    // The one that is being detached still has that name.
    if (!isAlreadyExists(error)) throw error
  }
}

/** Upstream: getAttachmentName. */
function attachmentName(text: string): string {
  return `csi-${Array.from(sha256(new Uint8Array(utf8Bytes(text))), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Lets go of a volume once its node does; returns after which time to look again, if that is not said by a change. */
function detach(attachment: KubeObject, nodeName: string, { client, clock, memory }: ReconcileContext): number {
  const key = `${nodeName} ${attachment.spec.source.persistentVolumeName} unmount`
  if (attachment.metadata.deletionTimestamp) {
    memory.delete(key)
    return Number.POSITIVE_INFINITY
  }
  const node = client.get('nodes', nodeName)
  const volume = client.get('persistentvolumes', attachment.spec.source.persistentVolumeName)
  const name = volume && uniqueName(volume)
  // Of a node that is gone nobody knows what it has mounted.
  const mounted = node ? node.status?.volumesInUse?.includes(name) : true
  const outOfService = node?.spec?.taints?.some((taint: any) => taint.key === outOfServiceTaint)
  if (mounted && !outOfService) {
    const since: number = memory.get(key) ?? clock.now()
    memory.set(key, since)
    const left = since + maxUnmountMs - clock.now()
    if (left > 0) return left
    // A healthy node is waited for as long as it takes.
    if (node && isReady(node)) return maxUnmountMs
  }
  memory.delete(key)
  if (node && name)
    setAttached(
      node,
      attachedNames(node).filter((one) => one !== name),
      client,
    )
  client.deleteIfPresent(attachments, keyOf(attachment))
  return Number.POSITIVE_INFINITY
}

/** Tells the node which volumes it may mount, and the pods that wait for them. */
function reportAttached(nodeName: string, wants: ReadonlyMap<string, Want>, client: Client): void {
  const node = client.live('nodes', nodeName)
  if (!node) return
  const names = attachedNames(node)
  const fresh: string[] = []
  for (const attachment of client.cache(attachments).byIndex('node', nodeName)) {
    const want = wants.get(attachment.spec.source.persistentVolumeName)
    if (!want || !attachment.status?.attached || attachment.metadata.deletionTimestamp) continue
    const name = uniqueName(want.volume)
    if (names.includes(name)) continue
    fresh.push(name)
    for (const pod of want.pods)
      client.events.normal(
        pod,
        'SuccessfulAttachVolume',
        // Upstream's text ends with a blank, too.
        `AttachVolume.Attach succeeded for volume "${want.volume.metadata.name}" `,
      )
  }
  if (fresh.length > 0) setAttached(node, [...names, ...fresh], client)
}

function attachedNames(node: KubeObject): string[] {
  return (node.status?.volumesAttached ?? []).map(({ name }: { name: string }) => name)
}

function setAttached(node: KubeObject, names: readonly string[], client: Client): void {
  if (names.length === attachedNames(node).length) return
  const volumesAttached = names.map((name) => ({ name, devicePath: '' }))
  client.patch(
    'nodes',
    node.metadata.name,
    { type: 'merge', patch: { status: { volumesAttached } } },
    { subresource: 'status' },
  )
}
