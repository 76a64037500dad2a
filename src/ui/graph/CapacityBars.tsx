import { CapacityBar } from './CapacityBar.tsx'
import { formatBytes, formatCores, type NodeSummary } from './node-summary.ts'

/** What a node can give, and what of it is asked for. */
export function CapacityBars({ summary: { cpu, memory } }: { summary: Pick<NodeSummary, 'cpu' | 'memory'> }) {
  return (
    <>
      <CapacityBar
        label="cpu"
        capacity={cpu}
        value={`${formatCores(cpu.requested)} / ${formatCores(cpu.allocatable)}`}
      />
      <CapacityBar
        label="mem"
        capacity={memory}
        value={`${formatBytes(memory.requested)} / ${formatBytes(memory.allocatable)}`}
      />
    </>
  )
}
