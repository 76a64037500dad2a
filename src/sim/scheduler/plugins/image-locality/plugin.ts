import { factsOf } from '../../framework/node-facts.ts'
import { maxNodeScore, type Plugin } from '../../framework/types.ts'

const mebibyte = 1024 * 1024
const minThreshold = 23 * mebibyte
const maxContainerThreshold = 1000 * mebibyte

interface State {
  /** Image → share of the nodes that have it. */
  readonly spread: ReadonlyMap<string, number>
  readonly images: readonly string[]
}

/** Prefers nodes that have the images. Upstream: imagelocality/image_locality.go. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  preScore: (state, { pod }, _nodes, handle) => {
    const nodes = handle.nodes()
    const spread = new Map<string, number>()
    const images = containersOf(pod.spec).map((container) => normalized(container.image))
    let any = false
    for (const image of images) {
      if (spread.has(image)) continue
      const count = factsOf(nodes).imageCount(image)
      spread.set(image, count / nodes.length)
      any ||= count > 0
    }
    state.set('ImageLocality', { spread, images } satisfies State)
    return any ? undefined : 'skip'
  },
  score: (state, _pod, node) => {
    const { spread, images } = state.get('ImageLocality') as State
    const sizes = node.imageSizes()
    let sum = 0
    for (const image of images) {
      const size = sizes.get(image)
      if (size !== undefined) sum += Math.trunc(size * spread.get(image)!)
    }
    const maxThreshold = maxContainerThreshold * images.length
    const clamped = Math.min(Math.max(sum, minThreshold), maxThreshold)
    return Math.trunc((maxNodeScore * (clamped - minThreshold)) / (maxThreshold - minThreshold))
  },
}

function containersOf(spec: any): readonly any[] {
  return spec.initContainers ? [...spec.initContainers, ...spec.containers] : spec.containers
}

/** `nginx` is `nginx:latest`. */
function normalized(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
}
