import { expect, test } from 'vitest'
import { soak } from './soak.ts'

test.each([1, 2, 3])('ten minutes of random operations and failures break nothing: seed %i', (seed) => {
  const { broken, log } = soak({ seed, nodes: 12, minutes: 10 })
  expect(broken, `after\n${log.join('\n')}`).toEqual([])
})
