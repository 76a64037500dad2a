import type { CycleResult } from './framework/cycle.ts'

/** What FailedScheduling says first. Upstream: framework.FitError.Error. */
export function failureMessage({ rejected, filtering }: CycleResult, nodes: number): string {
  if (nodes === 0) return 'no nodes available to schedule pods'
  const { refusedBy, restricted } = filtering
  if (refusedBy) return `0/${nodes} nodes are available: ${refusedBy.status.reasons.join(', ')}.`
  const reasons = rejected.flatMap(({ status }) => status.reasons)
  if (restricted)
    for (let i = rejected.length; i < nodes; i++)
      reasons.push(`node(s) didn't satisfy plugin(s) [${restricted.plugins.join(' ')}]`)
  return fitMessage(nodes, reasons)
}

/** `0/3 nodes are available: 1 node(s) …, 2 Insufficient cpu.`, sorted as text. */
export function fitMessage(nodes: number, reasons: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const sorted = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return `0/${nodes} nodes are available: ${sorted.join(', ')}.`
}
