import { copyState } from '../../lib/freeze.ts'
import { rfc3339 } from '../../lib/time.ts'
import { wholeValue } from '../../machinery/quantity.ts'
import { toBytes } from '../containers/kernel/bytes.ts'
import type { DirectoryNode, FileNode, LinkNode, Mount, TreeNode } from '../containers/kernel/types.ts'
import { hostnameOf } from './hostname.ts'
import { dataOf, fieldOf } from './environment-variables.ts'
import type { KubeletEnvironment } from './environment.ts'
import { hostPathTree } from './host-paths.ts'
import { hostsFile, resolverFile } from './network-files.ts'
import { resourceField } from './resource-fields.ts'
import { serviceAccountToken } from './service-account-token.ts'
import { specOf, type ContainerState, type PodState, type VolumeTree } from './state.ts'

/** How old what is made of objects of the API may be. Upstream: syncFrequency, and what its caches add. */
const freshForMs = 75_000

/** A file as a volume holds it. */
interface Entry {
  readonly data: string
  readonly mode?: number
}

/** What a container finds behind one of its mounts. Made when somebody looks. */
export function volumeTree(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  name: string,
): DirectoryNode | FileNode | undefined {
  const trees = (pod.trees ??= {})
  const known = Object.hasOwn(trees, name) ? trees[name] : undefined
  const { clock } = environment
  if (known && (known.madeMs === undefined || clock.now() - known.madeMs < freshForMs)) return known.node
  const made = known ? refreshed(environment, pod, name, known) : make(environment, pod, container, name)
  if (made?.kept) return made.node
  if (made) trees[name] = { node: made.node, ...(made.follows && { madeMs: clock.now() }) }
  return made?.node
}

interface Made {
  readonly node: DirectoryNode | FileNode
  /** It follows objects of the API. */
  readonly follows?: boolean
  /** It is kept elsewhere. */
  readonly kept?: boolean
}

function refreshed(environment: KubeletEnvironment, pod: PodState, name: string, known: VolumeTree): Made | undefined {
  const volume = volumeNamed(pod, name)
  const files = volume && filesOf(environment, pod, volume)
  if (!files || known.node.type !== 'directory') return { node: known.node, follows: true }
  const node = known.node
  const fresh = written(environment, volume, files)
  const names = (tree: DirectoryNode) => JSON.stringify(contents(tree))
  if (names(node) !== names(fresh)) node.entries = fresh.entries
  return { node, follows: true }
}

function contents(tree: DirectoryNode): unknown {
  const data = Object.entries(tree.entries).find(([name]) => name.startsWith('..2'))
  return data?.[1].type === 'directory' ? data[1].entries : undefined
}

function make(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  name: string,
): Made | undefined {
  const wall = environment.clock.wall()
  if (name.startsWith('/')) {
    const text =
      name === '/hosts'
        ? hostsFile(environment, pod)
        : name === '/resolv'
          ? resolverFile(environment, pod)
          : name === '/hostname'
            ? `${hostnameOf(pod.pod, environment.name)}\n`
            : ''
    return { node: file(toBytes(text), name.startsWith('/termination') ? 0o666 : 0o644, wall) }
  }
  const [own, copied] = name.split('\n') as [string, string | undefined]
  if (copied !== undefined) {
    const whole = volumeTree(environment, pod, container, own)
    const found = whole && within(whole, copied)
    return found && { node: copyState(found) }
  }
  const volume = volumeNamed(pod, name)
  if (!volume) return undefined
  const claim = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.pod.metadata.name}-${name}`)
  if (claim) return claimTree(environment, pod, claim, wall)
  if (volume.hostPath) return { node: hostPathTree(environment, volume.hostPath), kept: true }
  const files = filesOf(environment, pod, volume)
  if (files) return { node: written(environment, volume, files), follows: true }
  return { node: directory(wall, 0o777) }
}

/** What a claim's volume holds: it outlives the pod. */
function claimTree(environment: KubeletEnvironment, pod: PodState, claim: string, wall: number): Made | undefined {
  const { client, disks } = environment
  const volume = client.live('persistentvolumeclaims', `${pod.pod.metadata.namespace}/${claim}`)?.spec.volumeName
  if (volume === undefined) return undefined
  const path = client.live('persistentvolumes', volume)?.spec.hostPath
  if (path) return { node: hostPathTree(environment, { ...path, type: 'DirectoryOrCreate' }), kept: true }
  return { node: (disks[volume] ??= directory(wall, 0o777)), kept: true }
}

function volumeNamed(pod: PodState, name: string): any {
  return pod.pod.spec.volumes?.find((one: any) => one.name === name)
}

/** The files of a volume that is made of objects of the API; undefined when it is of another kind. */
function filesOf(environment: KubeletEnvironment, pod: PodState, volume: any): Record<string, Entry> | undefined {
  const { configMap, secret, downwardAPI, projected } = volume
  if (configMap) return ofData(environment, pod, 'configmap', configMap.name, configMap.items, configMap.defaultMode)
  if (secret) return ofData(environment, pod, 'secret', secret.secretName, secret.items, secret.defaultMode)
  if (downwardAPI) return ofFields(environment, pod, downwardAPI.items, downwardAPI.defaultMode)
  if (!projected) return undefined
  const { defaultMode } = projected
  const files: Record<string, Entry> = {}
  for (const source of projected.sources ?? []) {
    if (source.configMap)
      Object.assign(
        files,
        ofData(environment, pod, 'configmap', source.configMap.name, source.configMap.items, defaultMode),
      )
    if (source.secret)
      Object.assign(files, ofData(environment, pod, 'secret', source.secret.name, source.secret.items, defaultMode))
    if (source.downwardAPI) Object.assign(files, ofFields(environment, pod, source.downwardAPI.items, defaultMode))
    if (source.serviceAccountToken)
      files[source.serviceAccountToken.path] = {
        data: serviceAccountToken(environment, pod.pod, source.serviceAccountToken),
        ...(defaultMode !== undefined && { mode: defaultMode }),
      }
  }
  return files
}

function ofData(
  { client }: KubeletEnvironment,
  { pod }: PodState,
  kind: 'configmap' | 'secret',
  name: string,
  items: readonly any[] | undefined,
  defaultMode: number | undefined,
): Record<string, Entry> {
  const data = dataOf(client, kind, pod.metadata.namespace ?? '', name, 'bytes') ?? {}
  const files: Record<string, Entry> = {}
  const add = (path: string, key: string, mode: number | undefined) => {
    if (Object.hasOwn(data, key)) files[path] = { data: data[key]!, ...(mode !== undefined && { mode }) }
  }
  if (items) for (const { key, path, mode } of items) add(path, key, mode ?? defaultMode)
  else for (const key of Object.keys(data)) add(key, key, defaultMode)
  return files
}

function ofFields(
  environment: KubeletEnvironment,
  state: PodState,
  items: readonly any[] = [],
  defaultMode: number | undefined,
): Record<string, Entry> {
  const { pod, ip } = state
  const machine = environment.machine()
  const files: Record<string, Entry> = {}
  for (const { path, fieldRef, resourceFieldRef, mode = defaultMode } of items) {
    const text = fieldRef
      ? fieldOf({ pod, ip, machine }, fieldRef.fieldPath)
      : resourceField(pod, undefined, resourceFieldRef, machine)
    files[path] = { data: toBytes(text), ...(mode !== undefined && { mode }) }
  }
  return files
}

/** Files as the kubelet lays them out, so that all of them change at once. Upstream: volumeutil.AtomicWriter. */
function written({ clock }: KubeletEnvironment, volume: any, files: Record<string, Entry>): DirectoryNode {
  const wall = clock.wall()
  const stamp = `..${rfc3339(wall).replace(/[-:]/g, '_').replace('T', '_').replace('Z', '')}.${String(wall % 1000).padStart(3, '0')}${String(volume.name.length * 7919 + 100_000).slice(0, 6)}`
  const data = directory(wall, 0o755)
  const root = directory(wall, 0o777)
  root.entries[stamp] = data
  root.entries['..data'] = link(stamp, wall)
  for (const path of Object.keys(files).sort()) {
    const { data: text, mode = 0o644 } = files[path]!
    const names = path.split('/').filter(Boolean)
    const last = names.pop()
    if (last === undefined || names.includes('..')) continue
    let at = data
    for (const name of names) {
      const next = (at.entries[name] ??= directory(wall, 0o755))
      if (next.type !== 'directory') break
      at = next
    }
    at.entries[last] = file(text, mode, wall)
    const top = names[0] ?? last
    root.entries[top] ??= link(`..data/${top}`, wall)
  }
  return root
}

/** Follows a path inside a tree, links included. */
function within(tree: DirectoryNode | FileNode, path: string, depth = 0): DirectoryNode | FileNode | undefined {
  let at: DirectoryNode | FileNode = tree
  for (const name of path.split('/').filter(Boolean)) {
    const next: TreeNode | undefined =
      at.type === 'directory' && Object.hasOwn(at.entries, name) ? at.entries[name] : undefined
    const found = next?.type === 'link' && depth < 8 ? within(tree, next.target, depth + 1) : next
    if (found?.type !== 'directory' && found?.type !== 'file') return undefined
    at = found
  }
  return at
}

export function directory(mtime: number, mode = 0o755): DirectoryNode {
  return { type: 'directory', mode, uid: 0, gid: 0, mtime, entries: {} }
}

export function file(data: string, mode: number, mtime: number): FileNode {
  return { type: 'file', mode, uid: 0, gid: 0, mtime, data }
}

function link(target: string, mtime: number): LinkNode {
  return { type: 'link', mode: 0o777, uid: 0, gid: 0, mtime, target }
}

/** Bytes in a tree. */
export function sizeOfTree(node: TreeNode): number {
  if (node.type === 'file') return Math.max(node.data.length, node.size ?? 0)
  if (node.type !== 'directory') return 0
  return Object.values(node.entries).reduce((sum, one) => sum + sizeOfTree(one), 0)
}

/** Bytes in one of a pod's volumes, as far as somebody has looked at it. */
export function sizeOfVolume({ trees }: PodState, name: string): number {
  return trees && Object.hasOwn(trees, name) ? sizeOfTree(trees[name]!.node) : 0
}

/** Bytes in volumes in memory that count as a container's: of what several mount, as the first one's. */
export function inMemory(pod: PodState, { name }: ContainerState): number {
  let bytes = 0
  for (const volume of pod.pod.spec.volumes ?? []) {
    if (volume.emptyDir?.medium !== 'Memory') continue
    const mounts = (spec: any) => spec.volumeMounts?.some((one: any) => one.name === volume.name)
    if (pod.pod.spec.containers.find(mounts)?.name === name) bytes += sizeOfVolume(pod, volume.name)
  }
  return bytes
}

/** The first of a pod's emptyDirs that holds more than it may. */
export function overfullVolume(pod: PodState): { name: string; limit: string } | undefined {
  for (const { name, emptyDir } of pod.pod.spec.volumes ?? []) {
    const tree =
      emptyDir?.sizeLimit !== undefined && pod.trees && Object.hasOwn(pod.trees, name) ? pod.trees[name] : undefined
    if (tree && sizeOfTree(tree.node) > wholeValue(emptyDir.sizeLimit)) return { name, limit: emptyDir.sizeLimit }
  }
  return undefined
}

/** Is a volume a file system in memory? Upstream: the plugins that wrap an emptyDir of medium Memory. */
export function isInMemory({ secret, projected, downwardAPI, emptyDir }: any): boolean {
  return Boolean(secret || projected || downwardAPI || emptyDir?.medium === 'Memory')
}

/** What a container mounts: its volumes, and the files that the node writes for it. */
export function mountsOf(pod: PodState, container: ContainerState) {
  const spec = specOf(pod, container) ?? {}
  const mounts: Mount[] = [
    { path: '/etc/hosts', volume: '/hosts', readOnly: false },
    { path: '/etc/hostname', volume: '/hostname', readOnly: false },
    { path: '/etc/resolv.conf', volume: '/resolv', readOnly: false },
    {
      path: spec.terminationMessagePath ?? '/dev/termination-log',
      volume: `/termination/${container.name}`,
      readOnly: false,
    },
  ]
  for (const { name, mountPath, subPath, subPathExpr, readOnly = false } of spec.volumeMounts ?? []) {
    const path = mountPath.length > 1 ? mountPath.replace(/\/+$/, '') : mountPath
    const sub: string | undefined = subPath ?? subPathExpr
    const volume = volumeNamed(pod, name)
    const isMade = volume && (volume.configMap || volume.secret || volume.projected || volume.downwardAPI)
    const readOnlyVolume = readOnly || Boolean(isMade)
    // What is mounted of a file that follows an object is the file as it was.
    const type = volume && isInMemory(volume) && { type: 'tmpfs' }
    if (sub && isMade) mounts.push({ path, volume: `${name}\n${sub}`, readOnly: readOnlyVolume, ...type })
    else mounts.push({ path, volume: name, ...(sub && { subPath: sub }), readOnly: readOnlyVolume, ...type })
  }
  return mounts
}
