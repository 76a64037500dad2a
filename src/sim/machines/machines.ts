import { copyState } from '../../lib/freeze.ts'
import type { ApiServer } from '../apiserver/server.ts'
import { Client } from '../client/client.ts'
import type { Informers } from '../client/informers.ts'
import type { Clock } from '../clock/clock.ts'
import type { Images } from '../containers/images/image.ts'
import type { Programs } from '../containers/kernel/start.ts'
import type { DirectoryNode } from '../containers/kernel/types.ts'
import type { Latencies } from '../latencies.ts'
import type { Network } from '../network/network.ts'
import type { NetworkEvent, Place } from '../network/types.ts'
import { Kubelet } from '../kubelet/kubelet.ts'
import type { KubeletState } from '../kubelet/state.ts'
import { addressOf, podPrefix, type Machine } from './machine.ts'

export interface MachinesSnapshot {
  readonly nextIndex: number
  readonly machines: readonly Machine[]
  readonly kubelets: readonly { readonly name: string; readonly state: KubeletState }[]
  /** What volumes of claims hold, by the volume's name. */
  readonly disks?: Readonly<Record<string, DirectoryNode>>
}

export type NewMachine = Omit<Machine, 'index' | 'plugged' | 'powered' | 'images' | 'linkMbps'> &
  Partial<Pick<Machine, 'images' | 'linkMbps'>>

export interface MachinesParts {
  readonly clock: Clock
  readonly api: ApiServer
  readonly informers: Informers
  readonly latencies: Latencies
  readonly images: Images
  readonly programs: Programs
  readonly network: Network
}

/** The physical world: hosts with power and a cable each, and the kubelet that runs on each. */
export class Machines {
  private readonly parts: MachinesParts
  private readonly machines = new Map<string, Machine>()
  private readonly kubelets = new Map<string, Kubelet>()
  private nextIndex: number
  private readonly disks: Record<string, DirectoryNode>
  /** Names by the first parts of addresses. Derived. */
  private readonly byPrefix = new Map<string, string>()
  /** Hears what the network brings to clients outside. */
  onClientEvent: ((client: number, event: NetworkEvent) => boolean) | undefined
  /** Counts changes, so that a view knows when to look again. */
  version = 0

  constructor(parts: MachinesParts, snapshot?: MachinesSnapshot) {
    this.parts = parts
    this.nextIndex = snapshot?.nextIndex ?? 0
    this.disks = copyState(snapshot?.disks ?? {}) as Record<string, DirectoryNode>
    parts.network.attach({
      locate: (address, port, from) => this.locate(address, port, from),
      tell: (end, event) =>
        end.kind === 'client'
          ? (this.onClientEvent?.(end.client, event) ?? false)
          : (this.kubelets.get(end.node)?.tell(end, event) ?? false),
      reaches: (from, to) => this.reaches(from, to),
      lagMs: (node) => this.machines.get(node)?.lagMs ?? 0,
    })
    parts.clock.register('machines', ({ reboot }: { reboot: string }) => {
      if (this.machines.get(reboot)?.crashed) this.powerOn(reboot)
    })
    parts.clock.registerPrefix('kubelet', (payload, task) =>
      this.kubelets.get(task.actor.slice('kubelet/'.length))?.task(payload),
    )
    for (const machine of snapshot?.machines ?? []) this.set(machine)
    for (const { name, state } of snapshot?.kubelets ?? [])
      this.kubelets.set(name, this.newKubelet(name, copyState(state)))
  }

  list(): Machine[] {
    return [...this.machines.values()]
  }

  get(name: string): Machine | undefined {
    return this.machines.get(name)
  }

  kubelet(name: string): Kubelet | undefined {
    return this.kubelets.get(name)
  }

  /** Puts a new host into the cluster; it joins by itself once it is up. */
  add(machine: NewMachine, bootMs: number): void {
    if (this.machines.has(machine.name)) throw new Error(`there is a machine ${machine.name} already`)
    this.set({ linkMbps: 1000, images: {}, ...machine, index: this.nextIndex++, plugged: true, powered: true })
    const kubelet = this.newKubelet(machine.name)
    this.kubelets.set(machine.name, kubelet)
    kubelet.boot(bootMs)
  }

  /** Takes a host away for good. Its Node stays until somebody deletes it. */
  remove(name: string): void {
    const machine = this.must(name)
    this.byPrefix.delete(podPrefix(machine))
    this.byPrefix.delete(addressOf(machine))
    this.kubelets.get(name)!.close()
    this.kubelets.delete(name)
    this.machines.delete(name)
    this.version++
  }

  unplug(name: string): void {
    const machine = this.must(name)
    if (!machine.plugged) return
    this.set({ ...machine, plugged: false })
    this.kubelets.get(name)!.setLine(false)
  }

  plug(name: string): void {
    const machine = this.must(name)
    if (machine.plugged) return
    this.set({ ...machine, plugged: true })
    if (machine.powered) this.kubelets.get(name)!.setLine(true)
  }

  powerOff(name: string): void {
    const { crashed: _crashed, ...machine } = this.must(name)
    if (!machine.powered) return this.set(machine)
    this.set({ ...machine, powered: false })
    this.kubelets.get(name)!.powerOff()
  }

  /** The kernel stops, with all that runs; after a while the machine starts again by itself. */
  crash(name: string, rebootMs: number): void {
    if (!this.must(name).powered) return
    this.powerOff(name)
    this.set({ ...this.must(name), crashed: true })
    this.parts.clock.schedule('machines', rebootMs, { reboot: name })
  }

  /** Puts another description in a machine's place. Its kubelet has to be told. */
  change(machine: Machine): void {
    this.must(machine.name)
    this.set(machine)
  }

  powerOn(name: string): void {
    const { crashed: _crashed, ...machine } = this.must(name)
    if (machine.powered) return
    this.set({ ...machine, powered: true })
    // Tasks of the time before the cut may still be queued for this name; a fresh kubelet ignores them by run and uid.
    this.kubelets.get(name)!.boot(this.parts.latencies.boot)
  }

  /** Puts a manifest of a static pod on a host's disk, or takes it away. */
  setManifest(name: string, file: string, manifest: unknown): void {
    const machine = this.must(name)
    const { [file]: _before, ...others } = machine.manifests ?? {}
    this.set({ ...machine, manifests: manifest === undefined ? others : { ...others, [file]: manifest } })
    if (machine.powered) this.kubelets.get(name)!.syncStaticPods()
  }

  private locate(address: string, port: number, from: string): Place {
    const name = this.byPrefix.get(address) ?? this.byPrefix.get(address.slice(0, address.lastIndexOf('.')))
    if (name === undefined) return { found: 'nobody' }
    return this.reaches(from, name) ? this.kubelets.get(name)!.locate(address, port) : { found: 'silence' }
  }

  /** Can one machine's packets reach another's? */
  private reaches(from: string, to: string): boolean {
    const [left, right] = [this.machines.get(from), this.machines.get(to)]
    if (!left?.powered || !right?.powered) return false
    return from === to || (left.plugged && right.plugged)
  }

  snapshot(): MachinesSnapshot {
    return {
      nextIndex: this.nextIndex,
      disks: copyState(this.disks),
      machines: this.list(),
      kubelets: [...this.kubelets].map(([name, { state }]) => ({ name, state: copyState(state) })),
    }
  }

  private must(name: string): Machine {
    const machine = this.machines.get(name)
    if (!machine) throw new Error(`there is no machine ${name}`)
    return machine
  }

  private set(machine: Machine): void {
    this.machines.set(machine.name, machine)
    this.byPrefix.set(podPrefix(machine), machine.name)
    this.byPrefix.set(addressOf(machine), machine.name)
    this.version++
  }

  private newKubelet(name: string, state?: KubeletState): Kubelet {
    const { clock, api, informers, latencies, images, programs, network } = this.parts
    const machine = () => this.must(name)
    const client = new Client({ api, informers, component: `node:${name}`, fieldManager: 'kubelet' })
    return new Kubelet(
      name,
      {
        client,
        clock,
        api,
        images,
        programs,
        network,
        disks: this.disks,
        latencies,
        machine,
        online: () => machine().plugged && machine().powered,
        keepImage: (image, sizeBytes) => {
          const present = machine()
          if (present.images[image] !== undefined) return
          this.set({ ...present, images: { ...present.images, [image]: sizeBytes } })
          this.kubelets.get(name)?.reportImages()
        },
        dropImages: (names) => {
          const present = machine()
          const left = Object.entries(present.images).filter(([image]) => !names.includes(image))
          this.set({ ...present, images: Object.fromEntries(left) })
          this.kubelets.get(name)?.reportImages()
        },
      },
      (actor) => api.watches.open({ id: `kubelet/${name} pods`, resource: 'pods', actor, nodeName: name }),
      state,
    )
  }
}
