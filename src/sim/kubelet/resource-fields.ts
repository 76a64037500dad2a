import type { KubeObject } from '../../machinery/objects.ts'
import { milliValue } from '../../machinery/quantity.ts'
import type { Machine } from '../machines/machine.ts'
import { reservedMemory } from './node-object.ts'

/** A container's request or limit in units of a divisor, rounded up; what the node can give where there is no limit. */
export function resourceField(pod: KubeObject, own: any, reference: any, machine: Machine): string {
  const { containerName, resource, divisor } = reference
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const container = containerName ? all.find(({ name }: any) => name === containerName) : own
  const dot = String(resource).indexOf('.')
  const list = String(resource).slice(0, dot)
  const name = String(resource).slice(dot + 1)
  const lists = container?.resources ?? {}
  const said = lists[list]?.[name] ?? (list === 'requests' ? undefined : nodesOf(machine, name))
  const unit = divisor && divisor !== '0' ? milliValue(divisor) : 1000
  return String(Math.ceil(milliValue(said) / unit))
}

function nodesOf({ milliCPU, memoryBytes, diskBytes }: Machine, name: string): string | undefined {
  if (name === 'cpu') return `${milliCPU}m`
  if (name === 'memory') return String(memoryBytes - reservedMemory)
  return name === 'ephemeral-storage' ? String(diskBytes) : undefined
}
