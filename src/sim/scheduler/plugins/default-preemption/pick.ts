import type { Candidate } from '../../framework/types.ts'
import { priorityOf, startOf } from './victims.ts'

/**
 * The candidate whose victims matter least. Each criterion decides among those the ones before left equal; the first of
 * what is left wins (upstream takes any). Upstream: pickOneNodeForPreemption.
 */
export function pickCandidate(candidates: readonly Candidate[], now: number): Candidate {
  const criteria: readonly ((candidate: Candidate) => number)[] = [
    ({ violations }) => -violations,
    ({ victims }) => -priorityOf(victims[0]!),
    // Shifted, so that two victims of negative priority weigh more than one.
    ({ victims }) => -victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
    ({ victims }) => -victims.length,
    (candidate) => earliestStart(candidate, now),
  ]
  let left = candidates
  for (const criterion of criteria) {
    if (left.length === 1) break
    const scores = left.map(criterion)
    const best = Math.max(...scores)
    left = left.filter((_candidate, index) => scores[index] === best)
  }
  return left[0]!
}

/** Among its most important victims: the one that has run longest. */
function earliestStart({ victims }: Candidate, now: number): number {
  const highest = priorityOf(victims[0]!)
  return Math.min(...victims.filter((victim) => priorityOf(victim) === highest).map((victim) => startOf(victim, now)))
}
