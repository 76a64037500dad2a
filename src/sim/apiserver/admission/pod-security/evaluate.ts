import { baselineChecks } from './baseline.ts'
import type { LevelVersion } from './policy.ts'
import { restrictedChecks } from './restricted.ts'
import type { Check, Violation } from './words.ts'

/** The newest release that the checks know: a later version means the same. */
const newest = 36

/** What a level finds wrong with a pod, in upstream's order. */
export function violations(
  { level, minor }: LevelVersion,
  annotations: Readonly<Record<string, string>> | undefined,
  spec: any,
): Violation[] {
  if (level === 'privileged') return []
  const version = Math.min(minor, newest)
  const restricted = level === 'restricted' ? current(restrictedChecks, version) : []
  const overridden = new Set(restricted.map(({ overrides }) => overrides))
  const baseline = current(baselineChecks, version).filter(({ id }) => !overridden.has(id))
  const pod = { annotations: annotations ?? {}, spec, minor: version }
  return [...baseline, ...restricted].map(({ look }) => look(pod)).filter((found) => found !== undefined)
}

/** Each check as it is in a release. */
function current(checks: readonly Check[], minor: number): Check[] {
  return checks.filter(
    (check) =>
      check.since <= minor &&
      !checks.some((other) => other.id === check.id && other.since > check.since && other.since <= minor),
  )
}

/** `privileged (container "a" must not set …), hostPort (…)`. */
export function violationsText(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ')
}
