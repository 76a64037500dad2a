import { maxNodeScore, type Plugin } from '../../framework/types.ts'

const mebibyte = 1024 * 1024
const minThreshold = 23 * mebibyte
const maxContainerThreshold = 1000 * mebibyte

/** Prefers nodes that have the images. Upstream: imagelocality/image_locality.go. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  preScore: (state, { pod }, _nodes, handle) => {
    const nodes = handle.nodes()
    const spread = new Map<string, number>()
    let any = false
    for (const container of containersOf(pod.spec)) {
      const image = normalized(container.image)
      if (spread.has(image)) continue
      let count = 0
      for (const node of nodes) if (node.imageSizes().has(image)) count++
      spread.set(image, count / nodes.length)
      any ||= count > 0
    }
    state.set('ImageLocality', spread)
    return any ? undefined : 'skip'
  },
  score: (state, { pod }, node) => {
    const spread = state.get('ImageLocality') as ReadonlyMap<string, number>
    const containers = containersOf(pod.spec)
    let sum = 0
    for (const container of containers) {
      const image = normalized(container.image)
      const size = node.imageSizes().get(image)
      if (size !== undefined) sum += Math.trunc(size * spread.get(image)!)
    }
    const maxThreshold = maxContainerThreshold * containers.length
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
