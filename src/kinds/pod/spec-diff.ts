import { unifiedDiff } from '../../lib/unified-diff.ts'
import { internalStruct } from '../internal-types.ts'

/** What changed between two pod specs, as the API server appends it to its refusal. */
export function podSpecDiff(before: any, after: any): string {
  const lines = (spec: unknown) => JSON.stringify(internalStruct('PodSpec', spec), null, 1).split('\n')
  return unifiedDiff(lines(before), lines(after), 3)
}
