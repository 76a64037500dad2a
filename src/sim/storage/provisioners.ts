/** A kind of storage that the cluster has, and what stands behind it: all that is known of it, as data. */
export interface Provisioner {
  /** Name of the driver. */
  readonly name: string
  readonly className: string
  readonly isDefault: boolean
  readonly bindingMode: 'Immediate' | 'WaitForFirstConsumer'
  readonly accessModes: readonly string[]
  /** The node label whose value a volume is bound to; it can be reached from everywhere when there is none. */
  readonly topologyKey?: string
  /** Must a volume be attached to a node before it can be mounted there? */
  readonly attaches: boolean
  readonly expands: boolean
  readonly latencyMs: {
    readonly provision: number
    readonly delete: number
    readonly attach: number
    readonly detach: number
    readonly expand: number
  }
}

const single = ['ReadWriteOnce', 'ReadWriteOncePod'] as const

/** A zone's network disks, a file server, and the nodes' own disks. */
export const provisioners: readonly Provisioner[] = [
  {
    name: 'disk.kubecosm.dev',
    className: 'standard',
    isDefault: true,
    bindingMode: 'WaitForFirstConsumer',
    accessModes: single,
    topologyKey: 'topology.kubernetes.io/zone',
    attaches: true,
    expands: true,
    latencyMs: { provision: 900, delete: 1500, attach: 2500, detach: 3000, expand: 2000 },
  },
  {
    name: 'nfs.kubecosm.dev',
    className: 'nfs',
    isDefault: false,
    bindingMode: 'Immediate',
    accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'],
    attaches: false,
    expands: true,
    latencyMs: { provision: 400, delete: 400, attach: 0, detach: 0, expand: 200 },
  },
  {
    name: 'local.kubecosm.dev',
    className: 'local',
    isDefault: false,
    bindingMode: 'WaitForFirstConsumer',
    accessModes: single,
    topologyKey: 'kubernetes.io/hostname',
    attaches: false,
    expands: false,
    latencyMs: { provision: 150, delete: 150, attach: 0, detach: 0, expand: 0 },
  },
]

const byName = new Map(provisioners.map((one) => [one.name, one]))

export function provisionerNamed(name: string | undefined): Provisioner | undefined {
  return name === undefined ? undefined : byName.get(name)
}
