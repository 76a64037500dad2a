import { beforeEach, expect, test } from 'vitest'
import { addSample, forgetSamples, samplesOf } from './samples.ts'

const sample = (at: number) => ({ at, milliCPU: at, memoryBytes: 0 })
const times = (id: string) => samplesOf(id).map(({ at }) => at)

beforeEach(forgetSamples)

test('samples are kept in the order of virtual time, and as many as a chart can show', () => {
  for (let at = 1; at <= 1000; at++) addSample('a', sample(at))
  expect(times('a').length).toBe(400)
  expect(times('a').at(-1)).toBe(1000)
})

test('what came after a moment that was gone back to did not happen', () => {
  for (const at of [10, 20, 30, 15]) addSample('a', sample(at))
  expect(times('a')).toEqual([10, 15])
})

test('objects that nobody looks at any more are forgotten, the oldest first', () => {
  for (let object = 0; object < 60; object++) addSample(String(object), sample(1))
  expect(times('19')).toEqual([])
  expect(times('20')).toEqual([1])
})
