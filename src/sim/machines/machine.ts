import type { Registry } from './registry.ts'

/** A host: the physical thing behind a Node. Plain data; the world changes it by replacing it. */
export interface Machine {
  readonly name: string
  readonly zone: string
  readonly milliCPU: number
  readonly memoryBytes: number
  readonly diskBytes: number
  readonly maxPods: number
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
  /** Is its network cable in? */
  readonly plugged: boolean
  readonly powered: boolean
  /** Counts up from 0 and never comes again: addresses and pod ranges follow from it. */
  readonly index: number
  /** Megabits a second to everywhere. */
  readonly linkMbps: number
  /** Images on its disk: name → bytes. */
  readonly images: Readonly<Record<string, number>>
  /** What its disk has beyond what every Linux has, for host paths: `/data` is a Directory. */
  readonly paths?: Readonly<Record<string, string>>
  /** Manifests of static pods on its disk, by file. */
  readonly manifests?: Readonly<Record<string, unknown>>
  /** Where it pulls from. */
  readonly registry?: Registry
  /** False where nobody gives nodes ranges of addresses for their pods. */
  readonly podCIDR?: false
  /** What its Node says of its system, where that is not what all machines' say. */
  readonly nodeInfo?: Readonly<Record<string, string>>
  /** What others than pods take of it, by somebody's fault. */
  readonly taken?: { readonly memoryBytes?: number; readonly diskBytes?: number }
  /** How much longer each packet takes to it and from it. */
  readonly lagMs?: number
  /** Its kernel panicked; it starts again by itself. */
  readonly crashed?: true
  /** The version of control groups, which a kubelet shows in a few places; 2 when it is not said. */
  readonly cgroups?: 1 | 2
}

/** Bytes of memory that are left for pods. */
export function memoryForPods({ memoryBytes, taken }: Machine): number {
  return memoryBytes - (taken?.memoryBytes ?? 0)
}

/** The machine's own address. */
export function addressOf(machine: Pick<Machine, 'index'>): string {
  const number = machine.index + 2
  return `192.168.${number >> 8}.${number & 255}`
}

/** Where its pods' addresses come from: one /24 each. */
export function podCidrOf(machine: Pick<Machine, 'index'>): string {
  return `${podPrefix(machine)}.0/24`
}

export function podPrefix(machine: Pick<Machine, 'index'>): string {
  const number = 244 * 256 + machine.index
  return machine.index < 12 * 256
    ? `10.${number >> 8}.${number & 255}`
    : `100.${64 + (machine.index >> 8)}.${machine.index & 255}`
}
