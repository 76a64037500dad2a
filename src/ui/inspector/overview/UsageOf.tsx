import { lazy, Suspense } from 'react'
import type { KubeObject } from '../../../machinery/objects.ts'
import { parseQuantity } from '../../../machinery/quantity.ts'
import type { Amounts, PodView } from '../../graph/pod-view.ts'
import type { Selection } from '../../state/page-store.ts'

const Usage = lazy(() => import('../usage/Usage.tsx').then((module) => ({ default: module.Usage })))

/** Charts of what pods use, against what they ask for together. */
export function UsageOf({
  pods,
  selection,
  node,
}: {
  pods: readonly PodView[]
  selection: Selection
  node?: KubeObject
}) {
  const running = pods.filter((pod) => !pod.ghost && pod.node)
  if (running.length === 0 && !node) return null
  const { cpu = '0', memory = '0' } = node?.status?.allocatable ?? {}
  const allocatable = node && {
    milliCPU: parseQuantity(cpu)?.milli ?? 0,
    memoryBytes: parseQuantity(memory)?.value ?? 0,
  }
  const bounds = {
    requests: total(running, 'requests'),
    // The room of a node is its limit, whatever its pods' limits add up to.
    limits: allocatable ?? total(running, 'limits'),
    ...(allocatable && { allocatable }),
  }
  return (
    <Suspense>
      <Usage selection={selection} bounds={bounds} />
    </Suspense>
  )
}

/** A limit that one of them lacks is none for all of them together. */
function total(pods: readonly PodView[], field: 'requests' | 'limits'): Amounts {
  const sum = (of: keyof Amounts) => {
    const values = pods.map((pod) => pod[field][of])
    return field === 'limits' && values.includes(0) ? 0 : values.reduce((a, b) => a + b, 0)
  }
  return { milliCPU: sum('milliCPU'), memoryBytes: sum('memoryBytes') }
}
