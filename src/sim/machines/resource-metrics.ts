import type { Clock } from '../clock/clock.ts'
import type { MetricsSource, PodUsage } from '../metrics.ts'
import type { Machines } from './machines.ts'

/** How often kubelets are asked. Upstream: metrics-server's --metric-resolution. */
const windowMs = 15_000

/** What the machines that can be reached tell of their pods, as of the last time they were asked. */
export function machineMetrics(machines: Machines, clock: Clock): MetricsSource {
  /** Virtual milliseconds of the last round of questions. */
  const asked = () => Math.floor(clock.now() / windowMs) * windowMs
  const atMs = () => clock.wall() - clock.now() + asked()
  const reachable = () => machines.list().filter(({ plugged, powered }) => plugged && powered)
  return {
    windowMs,
    pods(select) {
      const found: PodUsage[] = []
      for (const { name } of reachable()) {
        for (const { pod, containers } of machines.kubelet(name)?.podUsages(select) ?? []) {
          // A rate takes two measurements, and a pod is told of as a whole or not at all.
          if (containers.length === 0 || containers.some(({ startedMs }) => startedMs > asked() - windowMs)) continue
          const { name, namespace: at = '', labels = {} } = pod.metadata
          const measured = containers.map(({ startedMs: _started, ...one }) => one)
          found.push({ name, namespace: at, labels, atMs: atMs(), containers: measured })
        }
      }
      const key = (one: PodUsage) => `${one.namespace}/${one.name}`
      return found.sort((a, b) => (key(a) < key(b) ? -1 : 1))
    },
    nodes() {
      const found = reachable().map(({ name }) => ({ name, atMs: atMs(), ...machines.kubelet(name)!.usage() }))
      return found.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
  }
}
