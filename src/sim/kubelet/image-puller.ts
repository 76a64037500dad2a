import { decodeBase64Text } from '../../lib/base64.ts'
import type { Machine } from '../machines/machine.ts'
import { diskChanged } from './disk-pressure.ts'
import type { KubeletEnvironment } from './environment.ts'
import { imageNameProblem, imageReference, splitReference } from './image-names.ts'
import { fieldPathOf, type BackOff, type ContainerState, type PodState, type Waiting } from './state.ts'

/** What a registry gives one client, in bytes a second; a slower link bounds it further. */
const registryBytesPerSecond = 40 * 1024 * 1024
/** Manifest and token round trips. */
const overheadMs = 120
/** Upstream: imageBackOff's and the crash loop's steps. */
const firstBackOffMs = 10_000
export const longestBackOffMs = 300_000

/** A back-off's next step at a time. Upstream: flowcontrol.Backoff.Next: what is older than twice the longest is forgotten. */
export function nextBackOff(entry: BackOff | undefined, now: number, eventMs = now): BackOff {
  if (!entry || eventMs - entry.since > 2 * longestBackOffMs) return { ms: firstBackOffMs, since: now }
  return { ms: Math.min(entry.ms * 2, longestBackOffMs), since: now }
}

export type ImageOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly waiting: Waiting; readonly retryMs?: number }
  /** It is on its way: the worker goes on when it is there. */
  | 'pulling'

/** Is an image there for a container, may it be pulled, is it time to? Upstream: imageManager.EnsureImageExists. */
export function ensureImage(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
): ImageOutcome {
  const { client, clock, machine } = environment
  const image: string = spec.image ?? ''
  const path = fieldPathOf(container)
  const problem = imageNameProblem(image)
  if (problem) {
    const message = `Failed to apply default image tag "${image}": ${problem}`
    client.events.warning(pod.pod, 'InspectFailed', message, path)
    return { ok: false, waiting: { reason: 'InvalidImageName', message } }
  }
  const present = isPresent(machine(), image)
  const policy = spec.imagePullPolicy
  if (present && policy !== 'Always') {
    const message = `Container image "${image}" already present on machine and can be accessed by the pod`
    client.events.normal(pod.pod, 'Pulled', message, path)
    return { ok: true }
  }
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`
    client.events.warning(pod.pod, 'ErrImageNeverPull', message, path)
    return { ok: false, waiting: { reason: 'ErrImageNeverPull', message } }
  }
  const { pulls } = container
  const waitMs = pulls?.image === image ? pulls.since + pulls.ms - clock.now() : 0
  if (waitMs > 0) {
    const text = `Back-off pulling image "${image}"`
    client.events.normal(pod.pod, 'BackOff', text, path)
    const waiting = { reason: 'ImagePullBackOff', message: `${text}: ErrImagePull: ${pulls!.message}` }
    return { ok: false, waiting, retryMs: waitMs }
  }
  client.events.normal(pod.pod, 'Pulling', `Pulling image "${image}"`, path)
  enqueue(environment, image, pod.uid, container.name)
  return 'pulling'
}

/** Is an image on a machine's disk, whichever way it is named? */
export function isPresent({ images }: Machine, image: string): boolean {
  return images[image] !== undefined || images[imageReference(image)] !== undefined
}

/** Queues an image for a container. Images are fetched one after the other, as serializeImagePulls has it. */
function enqueue(environment: KubeletEnvironment, image: string, uid: string, container: string): void {
  const { state, clock } = environment
  state.pulls.push({ image, since: clock.now(), waiting: [{ uid, container }] })
  if (state.pulls.length === 1) begin(environment)
}

function begin(environment: KubeletEnvironment): void {
  const { clock, actor, state } = environment
  const pull = state.pulls[0]!
  pull.begun = clock.now()
  clock.schedule(actor, pullMs(environment, pull.image), { pulled: pull.image, boot: state.boots })
}

function pullMs(environment: KubeletEnvironment, image: string): number {
  const machine = environment.machine()
  if (isPresent(machine, image) || pullProblem(environment, undefined, image)) return overheadMs
  const speed = Math.min(registryBytesPerSecond, (machine.linkMbps * 1_000_000) / 8)
  return overheadMs + (sizeOf(environment, image) / speed) * 1000
}

function sizeOf({ machine, images }: KubeletEnvironment, image: string): number {
  return machine().registry?.images?.[imageReference(image)]?.sizeBytes ?? images.find(image)?.sizeBytes ?? 0
}

/** The first pull is over: tells the worker of the pod that it was for. */
export function finishPull(
  environment: KubeletEnvironment,
  image: string,
  done: (pod: PodState, container: ContainerState, outcome: ImageOutcome) => void,
): void {
  const { state, clock, client, machine } = environment
  const pull = state.pulls[0]
  if (!pull || pull.image !== image) return
  if (!machine().plugged) {
    // Nothing comes through; the runtime keeps trying while the line is cut.
    clock.schedule(environment.actor, 5000, { pulled: image, boot: state.boots }, { background: true })
    return
  }
  state.pulls.shift()
  if (state.pulls.length > 0) begin(environment)
  const { uid, container: name } = pull.waiting[0]!
  const pod = environment.find(uid)
  const container = pod?.containers.find((one) => one.name === name)
  const message = pullProblem(environment, pod, image)
  if (message === undefined) {
    environment.keepImage(imageReference(image), sizeOf(environment, image))
    diskChanged(environment)
  }
  if (!pod || !container) return
  const path = fieldPathOf(container)
  if (message !== undefined) {
    client.events.warning(pod.pod, 'Failed', `Failed to pull image "${image}": ${message}`, path)
    container.pulls = {
      ...nextBackOff(container.pulls?.image === image ? container.pulls : undefined, clock.now()),
      image,
      message,
    }
    return done(pod, container, { ok: false, waiting: { reason: 'ErrImagePull', message } })
  }
  delete container.pulls
  const took = duration(clock.now() - pull.begun!)
  const waited = duration(clock.now() - pull.since)
  const text = `Successfully pulled image "${image}" in ${took} (${waited} including waiting). Image size: ${sizeOf(environment, image)} bytes.`
  client.events.normal(pod.pod, 'Pulled', text, path)
  done(pod, container, { ok: true })
}

/** Why a registry does not give an image, in containerd's words. */
function pullProblem(environment: KubeletEnvironment, pod: PodState | undefined, image: string): string | undefined {
  const registry = environment.machine().registry
  const reference = imageReference(image)
  const { host, repository, version } = splitReference(reference)
  const prefix = `failed to pull and unpack image "${reference}": failed to resolve image: `
  const server = host === 'docker.io' ? 'registry-1.docker.io' : host
  const url = `https://${server}/v2/${repository}/manifests/${version}`
  const address = registry?.unreachable?.[host]
  if (address !== undefined) {
    const refused = `dial tcp ${address}${address.includes(':') ? '' : ':443'}: connect: connection refused`
    return `${prefix}failed to do request: Head "${url}": ${refused}`
  }
  // Hosts under .invalid and .example resolve nowhere (RFC 2606).
  if (/\.(invalid|example)(:\d+)?$/.test(host))
    return `${prefix}failed to do request: Head "${url}": dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`
  const images = registry?.images
  const known = images?.[reference]
  if (known?.private && !(pod && mayPull(environment, pod, host)))
    return `${prefix}unexpected status from HEAD request to ${url}: 401 Unauthorized`
  if (!images || known || !Object.keys(images).some((name) => name.startsWith(`${host}/`))) return undefined
  if (Object.keys(images).some((name) => name.startsWith(`${host}/${repository}:`)))
    return `rpc error: code = NotFound desc = ${prefix}${reference}: not found`
  return `${prefix}unexpected status from HEAD request to ${url}: 401 Unauthorized`
}

/** Does one of the pod's pull secrets have an entry for the registry? */
function mayPull({ client }: KubeletEnvironment, { pod }: PodState, host: string): boolean {
  for (const { name } of pod.spec.imagePullSecrets ?? []) {
    const secret: any = client.live('secrets', `${pod.metadata.namespace}/${name}`)
    const text = secret?.data?.['.dockerconfigjson'] ?? secret?.data?.['.dockercfg']
    if (text !== undefined && secretNames(text, host)) return true
  }
  return false
}

function secretNames(encoded: string, host: string): boolean {
  try {
    const parsed = JSON.parse(decodeBase64Text(encoded))
    return Object.keys(parsed.auths ?? parsed).some((key) => key.replace(/^https?:\/\//, '').split('/')[0] === host)
  } catch {
    return false
  }
}

/** As Go prints a duration: `1.25s`, `350ms`. */
function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : `${Number((ms / 1000).toFixed(3))}s`
}

/** Tells that pull secrets are missing, as every sync does. */
export function warnOfPullSecrets({ client }: KubeletEnvironment, { pod }: PodState): void {
  const { imagePullSecrets } = pod.spec
  if (!imagePullSecrets) return
  const missing = imagePullSecrets
    .map(({ name }: { name: string }) => name)
    .filter((name: string) => name && !client.live('secrets', `${pod.metadata.namespace}/${name}`))
  if (missing.length === 0) return
  client.events.warning(
    pod,
    'FailedToRetrieveImagePullSecret',
    `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`,
  )
}
