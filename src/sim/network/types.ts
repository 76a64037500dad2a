/** Who is at an end of a connection: a container's kernel, a node's kubelet that probes, a client outside. Plain data. */
export type End =
  | {
      readonly kind: 'container'
      readonly node: string
      readonly pod: string
      readonly container: string
      /** Which start of the container; ends of an earlier one are dead. */
      readonly run: number
    }
  | { readonly kind: 'kubelet'; readonly node: string; readonly probe: string }
  /** Somebody outside, through a pod's forwarded port. */
  | { readonly kind: 'client'; readonly node: string; readonly client: number }

/** Where a connection comes from: its end, the address others see, and the namespace in which names are read. */
export interface Caller {
  readonly end: End
  readonly address: string
  readonly namespace: string
  /** dnsPolicy of the pod: `ClusterFirst` and its kin read names of the cluster. */
  readonly clusterNames: boolean
}

export type ConnectFailure = 'ECONNREFUSED' | 'EHOSTUNREACH' | 'ETIMEDOUT'

/** What an end hears of its connection. `connection` is the end's own name of it. */
export type NetworkEvent =
  | { readonly type: 'connected'; readonly connection: string; readonly address: string; readonly port: number }
  | { readonly type: 'failed'; readonly connection: string; readonly errno: ConnectFailure }
  | {
      readonly type: 'incoming'
      readonly connection: string
      readonly port: number
      readonly peer: { readonly address: string; readonly port: number }
    }
  | { readonly type: 'received'; readonly connection: string; readonly text: string }
  /** The other side sends no more; `reset`: nor does it listen any more. */
  | { readonly type: 'ended'; readonly connection: string; readonly reset: boolean }

/** What an onlooker sees of a connection: that it was asked for, what came of that, and a first answer over it. */
export interface Flow {
  readonly id: number
  readonly caller: End
  readonly port: number
  /** Whose Service's address it was sent to, by its key. */
  readonly service?: string
  readonly callee?: End
  /** `answered` is the head of an HTTP answer. */
  readonly what: 'asked' | 'connected' | 'failed' | 'answered'
  readonly errno?: ConnectFailure
  readonly status?: number
}

/** What is behind an address. */
export type Place =
  /** Something listens there. */
  | { readonly found: 'listener'; readonly end: End; readonly port: number }
  /** The address is somebody's, and nobody listens on that port. */
  | { readonly found: 'closed' }
  /** Nobody has the address, on a node that answers. */
  | { readonly found: 'nobody' }
  /** No answer at all: the machine is off, or its cable is out. */
  | { readonly found: 'silence' }

/** What the network asks of the machines. */
export interface Ends {
  /** Who listens at an address of a pod or a node; `from` is the node of whoever asks. */
  locate(address: string, port: number, from: string): Place
  /** Tells an end; false when it is not there any more. */
  tell(end: End, event: NetworkEvent): boolean
  /** Can two nodes' machines reach each other now? */
  reaches(from: string, to: string): boolean
  /** How much longer than others' a machine's packets take. */
  lagMs(node: string): number
}
