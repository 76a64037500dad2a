import type { KubeletEnvironment } from './environment.ts'
import type { PodState } from './state.ts'

/** What a registry gives one client, in bytes a second; a slower link bounds it further. */
const registryBytesPerSecond = 40 * 1024 * 1024
/** Manifest and token round trips. */
const overheadMs = 350

type Failure = { readonly reason: 'ErrImagePull' | 'InvalidImageName'; readonly message: string }

/** Must the image be fetched? 'never' says that it may not be and is not there. */
export function pullNeeded(environment: KubeletEnvironment, container: any): 'no' | 'yes' | 'never' {
  const present = environment.machine().images[container.image] !== undefined
  if (container.imagePullPolicy === 'Always') return 'yes'
  if (present) return 'no'
  return container.imagePullPolicy === 'Never' ? 'never' : 'yes'
}

/** Queues an image for a container. Images are fetched one after the other, as serializeImagePulls has it. */
export function enqueuePull(environment: KubeletEnvironment, image: string, uid: string, container: string): void {
  const { state, clock } = environment
  const present = state.pulls.find((pull) => pull.image === image)
  if (present) {
    present.waiting.push({ uid, container })
    return
  }
  state.pulls.push({ image, since: clock.now(), waiting: [{ uid, container }] })
  if (state.pulls.length === 1) begin(environment)
}

function begin(environment: KubeletEnvironment): void {
  const { clock, actor, state } = environment
  clock.schedule(actor, pullMs(environment, state.pulls[0]!.image), {
    pulled: state.pulls[0]!.image,
    boot: state.boots,
  })
}

function pullMs(environment: KubeletEnvironment, image: string): number {
  const machine = environment.machine()
  if (machine.images[image] !== undefined || imageProblem(image)) return overheadMs
  const speed = Math.min(registryBytesPerSecond, (machine.linkMbps * 1_000_000) / 8)
  return overheadMs + (environment.runtime.image(image).sizeBytes / speed) * 1000
}

/** The first pull is over: tells which containers may go on, or why not. */
export function finishPull(
  environment: KubeletEnvironment,
  image: string,
  proceed: (pod: PodState, container: string) => void,
  fail: (pod: PodState, container: string, failure: Failure) => void,
): void {
  const { state, clock, client } = environment
  const pull = state.pulls[0]
  if (!pull || pull.image !== image) return
  if (!environment.machine().plugged) {
    // Nothing comes through; the runtime keeps trying while the line is cut.
    clock.schedule(environment.actor, 5000, { pulled: image, boot: state.boots }, { background: true })
    return
  }
  state.pulls.shift()
  const failure = imageProblem(image)
  const { sizeBytes } = environment.runtime.image(image)
  if (!failure) environment.keepImage(image, sizeBytes)
  const took = duration(clock.now() - pull.since)
  for (const { uid, container } of pull.waiting) {
    const pod = environment.find(uid)
    if (!pod) continue
    if (failure) {
      fail(pod, container, failure)
      continue
    }
    const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${sizeBytes} bytes.`
    if (environment.online()) client.events.normal(pod.pod, 'Pulled', message, fieldPathOf(pod, container))
    proceed(pod, container)
  }
  if (state.pulls.length > 0) begin(environment)
}

/** `spec.containers{web}` */
export function fieldPathOf({ pod }: PodState, container: string): string {
  const init = pod.spec.initContainers?.some((one: any) => one.name === container)
  return `spec.${init ? 'initContainers' : 'containers'}{${container}}`
}

/** Hosts under .invalid and .example resolve nowhere (RFC 2606); all else is taken to be there. */
function imageProblem(image: string): Failure | undefined {
  const host = image.includes('/') ? image.slice(0, image.indexOf('/')) : ''
  if (!/\.(invalid|example)(:\d+)?$/.test(host)) return undefined
  const name = host.replace(/:\d+$/, '')
  const message = `failed to pull and unpack image "${image}": failed to resolve image: failed to do request: Head "https://${host}/v2/${image.slice(host.length + 1).replace(/[:@].*$/, '')}/manifests/${image.split(':').pop()}": dial tcp: lookup ${name}: no such host`
  return { reason: 'ErrImagePull', message }
}

/** As Go prints a duration: `1.25s`, `350ms`. */
function duration(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${Number((ms / 1000).toFixed(3))}s`
}
