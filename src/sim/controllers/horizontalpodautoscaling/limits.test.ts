import { describe, expect, test } from 'vitest'
import { limited, limitedBy, stabilized, stabilizedBy, withChange, withRecommendation, type History } from './limits.ts'

const now = 10_000_000
const empty: History = { recommendations: [], ups: [], downs: [] }
const sizes = (current: number, wanted: number, changes = {}) => ({
  current,
  wanted,
  min: 1,
  max: 100,
  wallMs: now,
  ...changes,
})
const rules = (selectPolicy: string, ...policies: [type: string, value: number, periodSeconds: number][]) => ({
  selectPolicy,
  policies: policies.map(([type, value, periodSeconds]) => ({ type, value, periodSeconds })),
})

describe('without behaviour', () => {
  test.each([
    ['grows to twice its size at most', sizes(10, 30), 20, 'ScaleUpLimit'],
    ['or to four', sizes(1, 30), 4, 'ScaleUpLimit'],
    ['not beyond its maximum', sizes(10, 30, { max: 15 }), 15, 'TooManyReplicas'],
    ['not below its minimum', sizes(10, 1, { min: 3 }), 3, 'TooFewReplicas'],
    ['shrinks at once otherwise', sizes(50, 2), 2, 'DesiredWithinRange'],
  ])('%s', (_name, at, replicas, reason) => expect(limited(at)).toMatchObject({ replicas, reason }))

  test('the highest recommendation of five minutes holds', () => {
    const history = {
      ...empty,
      recommendations: [
        { replicas: 9, at: now - 300_001 },
        { replicas: 7, at: now - 299_000 },
      ],
    }
    expect(stabilized(history, sizes(8, 2)).replicas).toBe(7)
  })
})

describe('with behaviour', () => {
  test.each<[string, object, number]>([
    ['the most that any policy allows', rules('Max', ['Pods', 4, 60], ['Percent', 100, 60]), 20],
    ['the least', rules('Min', ['Pods', 4, 60], ['Percent', 100, 60]), 14],
    ['nothing', rules('Disabled', ['Pods', 4, 60]), 10],
  ])('ten grow by %s', (_name, scaleUp, replicas) =>
    expect(limitedBy({ scaleUp }, empty, sizes(10, 50)).replicas).toBe(replicas),
  )

  test.each<[string, object, number]>([
    ['the most that any policy allows', rules('Max', ['Pods', 2, 60], ['Percent', 35, 60]), 6],
    ['the least', rules('Min', ['Pods', 2, 60], ['Percent', 35, 60]), 8],
    ['nothing', rules('Disabled', ['Pods', 2, 60]), 10],
  ])('ten shrink by %s', (_name, scaleDown, replicas) =>
    expect(limitedBy({ scaleDown }, empty, sizes(10, 1))).toMatchObject({ replicas }),
  )

  test('what was changed within a period counts, what is older does not', () => {
    const scaleUp = rules('Max', ['Pods', 4, 60])
    const history = {
      ...empty,
      ups: [
        { by: 3, at: now - 30_000 },
        { by: 4, at: now - 60_000 },
      ],
    }
    expect(limitedBy({ scaleUp }, history, sizes(10, 50))).toMatchObject({ replicas: 11, reason: 'ScaleUpLimit' })
  })

  test('a window for growing takes the lowest of it', () => {
    const history = { ...empty, recommendations: [{ replicas: 12, at: now - 20_000 }] }
    const behavior = { scaleUp: { stabilizationWindowSeconds: 30 }, scaleDown: { stabilizationWindowSeconds: 0 } }
    expect(stabilizedBy(behavior, history, sizes(10, 20))).toMatchObject({ replicas: 12, reason: 'ScaleUpStabilized' })
  })

  test('changes are kept as long as a policy looks at them', () => {
    const behavior = { scaleUp: rules('Max', ['Pods', 4, 60]), scaleDown: rules('Max', ['Pods', 1, 15]) }
    const old = {
      ...empty,
      ups: [
        { by: 1, at: now - 61_000 },
        { by: 2, at: now - 59_000 },
      ],
    }
    expect(withChange(old, 5, 8, behavior, now).ups.map(({ by }) => by)).toEqual([2, 3])
    expect(withChange(old, 8, 5, behavior, now).downs).toEqual([{ by: 3, at: now }])
    expect(withChange(old, 5, 8, undefined, now)).toBe(old)
  })

  test('recommendations are kept for the longest window', () => {
    const old = {
      ...empty,
      recommendations: [
        { replicas: 1, at: now - 301_000 },
        { replicas: 2, at: now - 5000 },
      ],
    }
    expect(withRecommendation(old, 3, undefined, now).recommendations.map(({ replicas }) => replicas)).toEqual([2, 3])
  })
})
