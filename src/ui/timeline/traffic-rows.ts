import type { TrafficRoute } from '../../bridge/protocol.ts'

/** What a workload's pods ask of one Service, pod or host, added up. */
export interface TrafficRow {
  readonly from: string
  /** One of the pods that ask, for who wants to look closer. */
  readonly pod: string
  readonly to: TrafficRoute['to']
  readonly port: number
  readonly perSecond: number
  readonly failedPerSecond: number
  readonly p50: number | null
  readonly p95: number | null
  readonly counts: readonly number[]
  readonly failures: readonly number[]
  readonly last: string
}

/** Routes of pods as rows of workloads, the busiest first. `nameOf` tells a pod's workload by its key. */
export function trafficRows(routes: readonly TrafficRoute[], nameOf: (pod: string) => string): TrafficRow[] {
  const groups = new Map<string, TrafficRoute[]>()
  for (const route of routes) {
    const id = `${nameOf(route.from)} ${JSON.stringify(route.to)} ${route.port}`
    groups.set(id, [...(groups.get(id) ?? []), route])
  }
  const rows = [...groups.values()].map((group) => {
    const [first] = group
    const sum = (pick: (route: TrafficRoute) => number) => group.reduce((all, route) => all + pick(route), 0)
    const worst = group.find(({ failedPerSecond }) => failedPerSecond > 0) ?? first!
    const added = (pick: (route: TrafficRoute) => readonly number[]) =>
      pick(first!).map((_, index) => sum((route) => pick(route)[index] ?? 0))
    return {
      from: nameOf(first!.from),
      pod: first!.from,
      to: first!.to,
      port: first!.port,
      perSecond: sum(({ perSecond }) => perSecond),
      failedPerSecond: sum(({ failedPerSecond }) => failedPerSecond),
      p50: middle(group.map(({ p50 }) => p50)),
      p95: highest(group.map(({ p95 }) => p95)),
      counts: added(({ counts }) => counts),
      failures: added(({ failures }) => failures),
      last: worst.last,
    }
  })
  return rows.sort((a, b) => b.failedPerSecond - a.failedPerSecond || b.perSecond - a.perSecond)
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null).sort((a, b) => a - b)
}

function middle(values: readonly (number | null)[]): number | null {
  const all = known(values)
  return all[all.length >> 1] ?? null
}

function highest(values: readonly (number | null)[]): number | null {
  return known(values).at(-1) ?? null
}
