import type { DirectoryNode, ExitStatus, FileNode, KernelState, ProcessState } from './types.ts'

/** What the kernel asks of the node. */
export interface KernelHost {
  now(): number
  wall(): number
  below(bound: number): number
  /** The tree of the image: frozen, shared by all its containers. */
  imageRoot(): DirectoryNode
  /** The tree of a mounted volume. Kernels write into it; undefined when it is not there any more. */
  volume(name: string): DirectoryNode | FileNode | undefined
  /** The container should be run again at this virtual time. */
  wakeAt(time: number): void
  /** Something was written to a stream of the container ('') or of an exec session. */
  output(stream: string, channel: 'stdout' | 'stderr', text: string): void
  /** A first process ended: the container's ('') or an exec session's. */
  ended(stream: string, status: ExitStatus): void
  addresses(): readonly string[]
  lookUp(name: string): readonly string[]
  /** Milliseconds until an echo from an address comes back; undefined when nothing answers there. */
  reaches?(address: string): number | undefined
  /** The pod's annotation kubecosm.dev/NAME. */
  annotation?(name: string): string | undefined
  /** Ports that the container declares: what a listener on port 0 stands for; any port when there are none. */
  ports?(): readonly number[]
  /** Other containers with the same network. */
  sharers?(): readonly KernelState[]
  /** What runs for a command that the image does not hold, when nobody knows what it holds. */
  readonly unknownProgram?: string
  /** The container is expected to end by itself. */
  readonly isToEnd?: boolean
  /** The limit of its CPU. */
  milliCPU?(): number | undefined
  /** What else is seen in a shared process namespace: processes of the pod's other containers. */
  neighbours?(): readonly ProcessState[]
  /**
   * Asks for a connection and names this end of it (the two ends have two names); what becomes of it is told by
   * Kernel.connected, refused, received, disconnected, never before this has returned.
   */
  connect(socket: number, host: string, port: number): string
  /** The port of this end of a connection that was asked for. */
  portOf?(connection: string): number
  send(connection: string, text: string): void
  /** No more will be sent. */
  shut(connection: string): void
}
