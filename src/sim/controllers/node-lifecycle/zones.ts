import type { KubeObject } from '../../../machinery/objects.ts'

/** Upstream: --node-eviction-rate, --secondary-node-eviction-rate, --large-cluster-size-threshold, --unhealthy-zone-threshold. */
const evictionQps = 0.1
const secondaryQps = 0.01
const largeZone = 50
const unhealthyShare = 0.55

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

/** How a zone fares, and how fast its nodes may be given up. */
export interface Zone {
  readonly state: ZoneState
  /** Nodes a second. */
  readonly qps: number
  /** When the next one may be, in virtual milliseconds. */
  readonly tokenAt: number
}

export interface ZoneCount {
  readonly ready: number
  readonly notReady: number
}

/** Which zone a node is in: its region and zone. */
export function zoneOf({ metadata: { labels } }: KubeObject): string {
  const region = labels?.['topology.kubernetes.io/region'] ?? ''
  const zone = labels?.['topology.kubernetes.io/zone'] ?? ''
  return region || zone ? `${region}:${zone}` : ''
}

/** Upstream: ComputeZoneState. */
export function zoneState({ ready, notReady }: ZoneCount): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  if (notReady > 2 && notReady / (notReady + ready) >= unhealthyShare) return 'PartialDisruption'
  return 'Normal'
}

export type Zones = Readonly<Record<string, Zone>>

export interface Handled {
  readonly zones: Zones
  /** Every node of the cluster is lost: rather the control plane is cut off than they, and evictions stop. */
  readonly stops: boolean
  /** The first node is back. */
  readonly resumes: boolean
}

/** The zones' new states and rates. Upstream: handleDisruption. */
export function handleDisruption(before: Zones, counts: ReadonlyMap<string, ZoneCount>, now: number): Handled {
  const known: Record<string, Zone> = {}
  for (const name of counts.keys()) {
    // A zone's first node must wait, as it does upstream, where nodes come into the world not ready.
    known[name] = Object.hasOwn(before, name)
      ? before[name]!
      : { state: 'Initial', qps: evictionQps, tokenAt: now + 1000 / evictionQps }
  }
  const states = new Map([...counts].map(([name, count]) => [name, zoneState(count)]))
  const all = [...states.values()].every((state) => state === 'FullDisruption')
  const was = Object.values(known).every(({ state }) => state === 'FullDisruption')
  if (all && was) return { zones: known, stops: false, resumes: false }
  for (const [name, count] of counts) {
    const zone = known[name]!
    const state = states.get(name)!
    if (all) known[name] = { ...withRate(zone, 0, now), state: 'FullDisruption' }
    else if (was || zone.state !== state) known[name] = { ...withRate(zone, rateOf(state, count), now), state }
  }
  return { zones: known, stops: all, resumes: !all && was }
}

function rateOf(state: ZoneState, { ready, notReady }: ZoneCount): number {
  if (state !== 'PartialDisruption') return evictionQps
  return ready + notReady > largeZone ? secondaryQps : 0
}

/** Another rate; who could not go at once under the old one waits a whole turn under the new one. */
function withRate(zone: Zone, qps: number, now: number): Zone {
  if (zone.qps === qps) return zone
  const waits = zone.qps === 0 || zone.tokenAt > now
  return { ...zone, qps, tokenAt: waits && qps > 0 ? now + 1000 / qps : now }
}

/** May one more node of the zone be given up now? The zone afterwards, or undefined. */
export function takeToken(zone: Zone, now: number): Zone | undefined {
  if (zone.qps === 0 || zone.tokenAt > now) return undefined
  return { ...zone, tokenAt: now + 1000 / zone.qps }
}
