import { expect, test } from 'vitest'
import { nodeOf, podOf, scoresOf } from '../../../testing/scheduling.ts'
import { imageLocality } from './plugin.ts'

const mebibyte = 1024 * 1024
const having = (name: string, image: string, sizeMiB: number) =>
  nodeOf(name, { images: [{ names: [image], sizeBytes: sizeMiB * mebibyte }] })
const wanting = (image: string) => podOf('p', { containers: [{ name: 'main', image }] })

test.each<[string, string, string, number, number[] | 'skip']>([
  ['a node with a large image scores, by its size and its spread', 'app:1', 'app:1', 1000, [48, 0]],
  ['a small image counts for nothing', 'app:1', 'app:1', 40, [0, 0]],
  ['there is a most', 'app:1', 'app:1', 9000, [100, 0]],
  ['a name without a tag is the latest', 'app', 'app:latest', 1000, [48, 0]],
  ['a registry’s port is no tag', 'registry:5000/app', 'registry:5000/app:latest', 1000, [48, 0]],
  ['an image that no node has', 'app:2', 'app:1', 1000, 'skip'],
])('%s', (_name, wanted, present, sizeMiB, expected) => {
  const nodes = [having('a', present, sizeMiB), nodeOf('b')]
  expect(scoresOf(imageLocality, wanting(wanted), { nodes })).toEqual(expected)
})
