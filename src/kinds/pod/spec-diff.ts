import { unifiedDiff } from '../../lib/unified-diff.ts'

/** What changed between two pod specs, as the API server appends it to its refusal. */
export function podSpecDiff(before: any, after: any): string {
  const lines = (spec: unknown) => JSON.stringify(spec, sortedKeys, 1).split('\n')
  return unifiedDiff(lines(before), lines(after), 3)
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
