import { formatBytes, formatCores } from '../../graph/node-summary.ts'
import type { Amounts } from '../../graph/pod-view.ts'

/** What one node had to say, in numbers where there are any. */
export interface Verdict {
  readonly key: 'cpu' | 'memory' | 'taint' | 'plain'
  readonly values: Readonly<Record<string, string>>
}

interface Room {
  readonly wants: Amounts
  readonly free: Amounts
  readonly all: Amounts
}

/** Turns a filter's reason into number and unit: `Insufficient cpu` → wants 500m, 350m free of 2. */
export function verdictOf(reason: string, { wants, free, all }: Room): Verdict {
  if (reason === 'Insufficient cpu') {
    return {
      key: 'cpu',
      values: { wants: cores(wants.milliCPU), free: cores(Math.max(0, free.milliCPU)), all: formatCores(all.milliCPU) },
    }
  }
  if (reason === 'Insufficient memory') {
    return {
      key: 'memory',
      values: {
        wants: formatBytes(wants.memoryBytes),
        free: formatBytes(Math.max(0, free.memoryBytes)),
        all: formatBytes(all.memoryBytes),
      },
    }
  }
  const taint = /untolerated taint(?:\(s\))?(?: \{(.*?)\})?$/.exec(reason)
  if (taint?.[1]) return { key: 'taint', values: { taint: taint[1].replace(/:\s*$/, '').replace(': ', '=') } }
  return { key: 'plain', values: { reason } }
}

/** Below one core people say millicores. */
function cores(milliCPU: number): string {
  return milliCPU < 1000 ? `${milliCPU}m` : formatCores(milliCPU)
}

/** The filters of the default profile in the order they run; one that is not among them is put at its end. */
export const filterOrder = [
  'NodeUnschedulable',
  'TaintToleration',
  'NodeAffinity',
  'NodeResourcesFit',
  'VolumeBinding',
  'PodTopologySpread',
] as const
