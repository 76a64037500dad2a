/** What something used, asked for and was limited to, at a moment of virtual time. */
export interface Sample {
  /** Virtual milliseconds. */
  readonly at: number
  readonly milliCPU: number
  readonly memoryBytes: number
}

const mostSamples = 400
const mostKept = 40

const kept = new Map<string, readonly Sample[]>()

/** Samples of an object so far, oldest first. */
export function samplesOf(id: string): readonly Sample[] {
  return kept.get(id) ?? []
}

/** Adds one. Time that was gone back in takes what came after it along; the longest untouched objects are forgotten. */
export function addSample(id: string, sample: Sample): readonly Sample[] {
  const before = samplesOf(id).filter(({ at }) => at < sample.at)
  const samples = [...before.slice(1 - mostSamples), sample]
  kept.delete(id)
  kept.set(id, samples)
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  return samples
}

/** Forgets all: another cluster is shown. */
export function forgetSamples(): void {
  kept.clear()
}
