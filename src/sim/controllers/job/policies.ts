import type { KubeObject } from '../../../machinery/objects.ts'
import { overlapOf, parseIntervals, totalOf, type Intervals } from './intervals.ts'

/** What a job's rules make of a failed pod. */
export interface FailureVerdict {
  readonly action?: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore'
  /** Does it count against the back-off limit? */
  readonly counts: boolean
  /** Why the job has to fail. */
  readonly failsJob?: string
}

const counted: FailureVerdict = { counts: true }

/** The first rule that matches decides. Upstream: matchPodFailurePolicy. */
export function verdictOn(pod: KubeObject, { spec }: KubeObject): FailureVerdict {
  const { namespace, name } = pod.metadata
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    let found: string | undefined
    if (rule.onExitCodes) {
      const status = matchingContainer(pod.status, rule.onExitCodes)
      if (status)
        found = `Container ${status.name} for pod ${namespace}/${name} failed with exit code ${status.state.terminated.exitCode}`
    } else {
      const type = matchingCondition(pod.status, rule.onPodConditions ?? [])
      if (type !== undefined) found = `Pod ${namespace}/${name} has condition ${type}`
    }
    if (found === undefined) continue
    const { action } = rule
    if (action === 'FailJob')
      return { action, counts: true, failsJob: `${found} matching FailJob rule at index ${index}` }
    return { action, counts: action !== 'Ignore' }
  }
  return counted
}

function matchingContainer(status: any, { containerName, operator, values }: any): any {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find((one) => {
    const code = one.state?.terminated?.exitCode
    if (!code || (containerName !== undefined && containerName !== one.name)) return false
    return values.includes(code) === (operator === 'In')
  })
}

function matchingCondition(status: any, patterns: readonly any[]): string | undefined {
  return (status?.conditions ?? []).find((condition: any) =>
    patterns.some((one) => one.type === condition.type && one.status === condition.status),
  )?.type
}

/** Which rule of the success policy the succeeded indexes fulfil, in words. Upstream: matchSuccessPolicy. */
export function successOf({ spec }: KubeObject, succeeded: Intervals): string | undefined {
  if (succeeded.length === 0) return undefined
  const rules: readonly any[] = spec.successPolicy?.rules ?? []
  const index = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return totalOf(succeeded) >= (succeededCount ?? Infinity)
    const required = parseIntervals(succeededIndexes, spec.completions)
    if (required.length === 0) return false
    const overlap = overlapOf(required, succeeded)
    return overlap === totalOf(required) || overlap >= (succeededCount ?? Infinity)
  })
  return index < 0 ? undefined : `Matched rules at index ${index}`
}
