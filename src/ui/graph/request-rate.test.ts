import { expect, test } from 'vitest'
import { noRequests, sampleRate } from './request-rate.ts'

test('requests a second of virtual time', () => {
  const start = sampleRate(noRequests, 1000, 10)
  const later = sampleRate(start, 2000, 48)
  expect(later.perSecond).toBe(38)
  expect(sampleRate(later, 2100, 400)).toBe(later)
})

test('a world that goes back in time begins again', () => {
  const rate = sampleRate(sampleRate(noRequests, 1000, 10), 2000, 20)
  expect(sampleRate(rate, 500, 3)).toEqual({ perSecond: 0, history: [0], at: 500, requests: 3 })
})
