import { memoryForPods } from '../machines/machine.ts'
import { availableBytes, diskChanged } from './disk-pressure.ts'
import type { KubeletEnvironment } from './environment.ts'
import { memoryChanged } from './eviction.ts'
import { reportNode } from './node-reporter.ts'

/** What befalls a container: its process dies of a fault of its own, of a signal or for want of memory, or stands still. */
export type ContainerFault = 'crash' | 'kill' | 'oom' | 'hang' | 'resume'

/** 128 + SIGKILL, 128 + SIGSEGV. */
const killed = 137
const crashed = 139

/** What somebody's hand does to a machine or to a container on it, as its kubelet gets to know it. */
export class KubeletFaults {
  private readonly environment: KubeletEnvironment

  constructor(environment: KubeletEnvironment) {
    this.environment = environment
  }

  /** The machine is another than before: larger or smaller, or others take more of it or less. */
  machineChanged(): void {
    const { environment } = this
    if (!environment.machine().powered) return
    reportNode(environment, true)
    memoryChanged(environment, environment.containers.memoryUsed())
    diskChanged(environment)
  }

  /** Bytes that are left of the machine's memory and of its disk. */
  available(): { memoryBytes: number; diskBytes: number } {
    const { environment } = this
    const memoryBytes = memoryForPods(environment.machine()) - environment.containers.memoryUsed()
    return { memoryBytes, diskBytes: availableBytes(environment) }
  }

  /** A running container's fault; the first that runs, when none is named. Throws when none does. */
  container(podKey: string, name: string | undefined, fault: ContainerFault): void {
    const { state, containers, workers } = this.environment
    const pod = state.pods.find((one) => one.key === podKey)
    const container = pod?.containers.find((one) => one.state === 'running' && (!name || one.name === name))
    if (!pod || !container) throw new Error(`No container${name ? ` ${name}` : ''} of this pod is running.`)
    if (fault === 'hang' || fault === 'resume') containers.freeze(pod, container, fault === 'hang')
    else if (fault === 'oom') workers.exited(pod, container, killed, 'OOMKilled')
    else workers.exited(pod, container, fault === 'kill' ? killed : crashed)
  }
}
