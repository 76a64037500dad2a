/** What an autoscaler remembers of a target: recommendations, and how its size was changed. Plain data. */
export interface History {
  readonly recommendations: readonly { readonly replicas: number; readonly at: number }[]
  readonly ups: readonly SizeChange[]
  readonly downs: readonly SizeChange[]
  /** Whose pods it looks at, once known. */
  readonly selector?: string
}

export interface SizeChange {
  readonly by: number
  readonly at: number
}

/** A size, and what the conditions say of it. */
export interface Limited {
  readonly replicas: number
  readonly reason: string
  readonly message: string
}

interface Sizes {
  readonly current: number
  readonly wanted: number
  readonly min: number
  readonly max: number
  readonly wallMs: number
}

/** Upstream: --horizontal-pod-autoscaler-downscale-stabilization. */
export const downscaleStabilisationSeconds = 300

const within: Omit<Limited, 'replicas'> = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
}
const tooFast = (way: 'increasing' | 'decreasing') =>
  `the desired replica count is ${way} faster than the maximum scale rate`
const tooMany = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
}
const tooFew = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
}
const stabilizedDown = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const stabilizedUp = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}

/** The highest of what was recommended lately. Upstream: stabilizeRecommendation. */
export function stabilized({ recommendations }: History, { wanted, wallMs }: Sizes): Limited {
  const since = wallMs - downscaleStabilisationSeconds * 1000
  const recent = recommendations.filter(({ at }) => at >= since).map(({ replicas }) => replicas)
  return { replicas: Math.max(wanted, ...recent), ...stabilizedDown }
}

/** Keeps a size within what is allowed, and within what may be added at once. Upstream: convertDesiredReplicasWithRules. */
export function limited({ current, wanted, min, max }: Sizes): Limited {
  const limit = Math.max(2 * current, 4)
  const most = Math.min(limit, max)
  if (wanted < min) return { replicas: min, ...tooFew }
  if (wanted <= most) return { replicas: wanted, ...within }
  return max > limit
    ? { replicas: most, reason: 'ScaleUpLimit', message: tooFast('increasing') }
    : { replicas: most, ...tooMany }
}

/** Between the lowest lately recommended for growing and the highest for shrinking. */
export function stabilizedBy(behavior: any, { recommendations }: History, sizes: Sizes): Limited {
  const { current, wanted, wallMs } = sizes
  const recentFor = (seconds: number) =>
    recommendations.filter(({ at }) => at > wallMs - seconds * 1000).map(({ replicas }) => replicas)
  const up = Math.min(wanted, ...recentFor(behavior.scaleUp?.stabilizationWindowSeconds ?? 0))
  const down = Math.max(wanted, ...recentFor(downWindowSeconds(behavior)))
  const replicas = Math.min(Math.max(current, up), down)
  return { replicas, ...(wanted >= current ? stabilizedUp : stabilizedDown) }
}

export function downWindowSeconds(behavior: any): number {
  return behavior?.scaleDown?.stabilizationWindowSeconds ?? downscaleStabilisationSeconds
}

/** Keeps a size within the behaviour's policies. Upstream: convertDesiredReplicasWithBehaviorRate. */
export function limitedBy(behavior: any, history: History, sizes: Sizes): Limited {
  const { current, wanted, min, max } = sizes
  if (wanted > current) {
    const limit = Math.max(current, rateLimit(behavior.scaleUp, history, sizes, 1))
    const reason = max > limit ? { reason: 'ScaleUpLimit', message: tooFast('increasing') } : tooMany
    if (wanted > Math.min(limit, max)) return { replicas: Math.min(limit, max), ...reason }
  } else if (wanted < current) {
    const limit = Math.min(current, rateLimit(behavior.scaleDown, history, sizes, -1))
    const reason = min < limit ? { reason: 'ScaleDownLimit', message: tooFast('decreasing') } : tooFew
    if (wanted < Math.max(limit, min)) return { replicas: Math.max(limit, min), ...reason }
  }
  return { replicas: wanted, ...within }
}

/** How far the policies let a size go in a direction. Upstream: calculateScaleUpLimitWithScalingRules, …Down…. */
function rateLimit(rules: any, { ups, downs }: History, { current, wallMs }: Sizes, direction: 1 | -1): number {
  if (!rules || rules.selectPolicy === 'Disabled') return current
  const limits: number[] = rules.policies.map(({ type, value, periodSeconds }: any) => {
    const start = current - changed(ups, periodSeconds, wallMs) + changed(downs, periodSeconds, wallMs)
    if (type === 'Pods') return start + direction * value
    return direction > 0 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100))
  })
  const widest = rules.selectPolicy !== 'Min'
  return widest === direction > 0 ? Math.max(...limits) : Math.min(...limits)
}

function changed(changes: readonly SizeChange[], periodSeconds: number, wallMs: number): number {
  return changes.reduce((sum, { by, at }) => (at > wallMs - periodSeconds * 1000 ? sum + by : sum), 0)
}

/** The history with a recommendation; what is too old to count is left out. */
export function withRecommendation(history: History, replicas: number, behavior: any, wallMs: number): History {
  const seconds = Math.max(behavior?.scaleUp?.stabilizationWindowSeconds ?? 0, downWindowSeconds(behavior))
  const recent = history.recommendations.filter(({ at }) => at >= wallMs - seconds * 1000)
  return { ...history, recommendations: [...recent, { replicas, at: wallMs }] }
}

/** The history with a change of size, which only policies ask for. */
export function withChange(history: History, from: number, to: number, behavior: any, wallMs: number): History {
  if (!behavior || from === to) return history
  const [list, rules] = to > from ? (['ups', behavior.scaleUp] as const) : (['downs', behavior.scaleDown] as const)
  const longest = Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }: any) => periodSeconds))
  const recent = history[list].filter(({ at }) => at >= wallMs - longest * 1000)
  return { ...history, [list]: [...recent, { by: Math.abs(to - from), at: wallMs }] }
}
