import type { Candidate, Failure, Handle, Plugin } from './types.ts'

/** What the plugins could do for a pod that fits nowhere. */
export interface Rescue {
  /** The place it is promised. */
  readonly nominate?: Candidate
  readonly candidates: readonly Candidate[]
  /** Why nothing could be done. */
  readonly message: string
  /** What was promised before is taken back. */
  readonly clearsNomination: boolean
}

/** Asks one plugin after the other, until one finds a place or fails. Upstream: RunPostFilterPlugins. */
export function runPostFilters(plugins: readonly Plugin[], failure: Failure, handle: Handle): Rescue {
  const messages: string[] = []
  let clearsNomination = false
  for (const plugin of plugins) {
    const result = plugin.postFilter?.(failure, handle)
    if (!result) continue
    if ('nominate' in result) return { ...result, message: '', clearsNomination: false }
    if (result.isError) return { candidates: [], message: result.message, clearsNomination: false }
    if (!result.keepsNomination) clearsNomination = true
    messages.push(result.message)
  }
  return { candidates: [], message: messages.join(', '), clearsNomination }
}
