/** Requests a second over the last samples, and a small history of it. */
export interface RequestRate {
  readonly perSecond: number
  /** Oldest first. */
  readonly history: readonly number[]
  readonly at: number
  readonly requests: number
}

const historyLength = 8
const sampleMs = 500

export const noRequests: RequestRate = { perSecond: 0, history: [], at: 0, requests: 0 }

/** Takes in the API server's count at a virtual time; samples less than half a second apart change nothing. */
export function sampleRate(rate: RequestRate, at: number, requests: number): RequestRate {
  if (at < rate.at || requests < rate.requests || rate.history.length === 0) {
    return { perSecond: 0, history: [0], at, requests }
  }
  if (at - rate.at < sampleMs) return rate
  const perSecond = ((requests - rate.requests) * 1000) / (at - rate.at)
  return { perSecond, history: [...rate.history, perSecond].slice(-historyLength), at, requests }
}
