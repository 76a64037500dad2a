import type { ContainerFault } from '../kubelet/faults.ts'
import type { Machine } from './machine.ts'
import type { Machines } from './machines.ts'

/** What may befall a machine beside the loss of its power and its cable. */
export type MachineFault = 'crash' | 'fillDisk' | 'fillMemory' | 'slowNetwork'

/** A panicked kernel starts again by itself. Upstream: Linux' kernel.panic, and the firmware's time. */
const rebootMs = 30_000
/** What is left: below the kubelet's thresholds (100 Mi of memory, 15 % of the disk). */
const memoryLeft = 48 * 1024 * 1024
const diskPartLeft = 0.08
/** A way on which most programs' timeouts run out. */
const lagMs = 2_000

/** Begins a fault of a machine, or ends it. */
export function faultMachine(machines: Machines, name: string, fault: MachineFault, isOver = false): void {
  const kubelet = machines.kubelet(name)
  const machine = machines.get(name)
  if (!kubelet || !machine) throw new Error(`there is no machine ${name}`)
  if (fault === 'crash') return machines.crash(name, rebootMs)
  if (fault === 'slowNetwork') {
    const { lagMs: _before, ...usual } = machine
    return machines.change(isOver ? usual : { ...usual, lagMs })
  }
  const left = kubelet.faults.available()
  const field = fault === 'fillMemory' ? 'memoryBytes' : 'diskBytes'
  const spared = fault === 'fillMemory' ? memoryLeft : Math.floor(machine.diskBytes * diskPartLeft)
  const { taken = {}, ...rest } = machine
  const { [field]: before = 0, ...others } = taken
  const bytes = isOver ? 0 : Math.max(0, before + left[field] - spared)
  const now: Machine['taken'] = { ...others, ...(bytes > 0 && { [field]: bytes }) }
  machines.change({ ...rest, ...(Object.keys(now).length > 0 && { taken: now }) })
  kubelet.faults.machineChanged()
}

/** A machine becomes larger or smaller, as a virtual one does; its kubelet says so. */
export function resizeMachine(machines: Machines, name: string, size: { milliCPU: number; memoryBytes: number }): void {
  const machine = machines.get(name)
  if (!machine) throw new Error(`there is no machine ${name}`)
  machines.change({ ...machine, ...size })
  machines.kubelet(name)!.faults.machineChanged()
}

/** Something befalls a container of a pod on a machine. */
export function faultContainer(
  machines: Machines,
  node: string | undefined,
  podKey: string,
  container: string | undefined,
  fault: ContainerFault,
): void {
  const kubelet = node ? machines.kubelet(node) : undefined
  if (!kubelet || !machines.get(node!)?.powered) throw new Error('This pod runs on no machine that has power.')
  kubelet.faults.container(podKey, container, fault)
}
