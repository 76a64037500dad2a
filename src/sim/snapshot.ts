import { fnv1aHex } from '../lib/fnv1a.ts'
import { setOwn } from '../lib/freeze.ts'
import type { ApiServerSnapshot } from './apiserver/server.ts'
import type { WatchesSnapshot } from './apiserver/watches.ts'
import type { ClockSnapshot } from './clock/clock.ts'
import type { ControllerSnapshot } from './controller-runtime/controller.ts'
import type { GarbageCollectorSnapshot } from './controllers/garbage-collector/controller.ts'
import type { EtcdSnapshot } from './etcd/etcd.ts'
import type { MachinesSnapshot } from './machines/machines.ts'
import type { NetworkSnapshot } from './network/network.ts'
import type { SchedulerSnapshot } from './scheduler/scheduler.ts'

/** Raised when an older engine could not read what a newer one wrote. */
export const snapshotFormat = 'kubecosm-snapshot/2'

/** A cluster between two tasks, as a value. It shares the store's frozen objects, so that taking one is cheap. */
export interface ClusterSnapshot {
  readonly format: string
  readonly options: unknown
  readonly clock: ClockSnapshot
  readonly random: readonly number[]
  readonly etcd: EtcdSnapshot
  readonly watches: WatchesSnapshot
  readonly apiserver: ApiServerSnapshot
  readonly controllers: readonly { readonly name: string; readonly state: ControllerSnapshot }[]
  readonly garbageCollector: GarbageCollectorSnapshot
  readonly scheduler: SchedulerSnapshot
  readonly machines: MachinesSnapshot
  readonly network: NetworkSnapshot
}

/** Fields whose values come again and again, in an object's states and in its events. */
const interned = new Set(['spec', 'status', 'metadata', 'template', 'managedFields', 'fieldsV1', 'pod', 'labels'])
const marker = '$'

/**
 * The canonical text of a snapshot: equal states have equal texts, whatever way they came about. Values of the
 * fields above stand in a table once, by their content, so that sharing survives.
 */
export function serialiseSnapshot(snapshot: ClusterSnapshot): string {
  const table: string[] = []
  const indexByText = new Map<string, number>()
  const indexByValue = new Map<object, number>()
  const intern = (value: object): number => {
    const known = indexByValue.get(value)
    if (known !== undefined) return known
    const text = write(value)
    let index = indexByText.get(text)
    if (index === undefined) {
      index = table.length
      table.push(text)
      indexByText.set(text, index)
    }
    if (Object.isFrozen(value)) indexByValue.set(value, index)
    return index
  }
  const write = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
    if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
    const parts: string[] = []
    for (const key in value) {
      const item = (value as Record<string, unknown>)[key]
      if (item === undefined) continue
      const isObject = typeof item === 'object' && item !== null
      // A key of an object's own that looks like our marker, or like a prototype, would be misread.
      const name = key.startsWith(marker) || key === '__proto__' ? marker + key : key
      parts.push(
        `${JSON.stringify(name)}:${isObject && interned.has(key) ? `{"${marker}":${intern(item)}}` : write(item)}`,
      )
    }
    return `{${parts.join(',')}}`
  }
  const root = write(snapshot)
  return sealed(`{"format":${JSON.stringify(snapshot.format)},"table":[${table.join(',')}],"root":${root}`)
}

const maxDepth = 200
/** What comes before a snapshot's sum, which is of all that is before this. */
const sumMark = ',"sum":"'

/** Puts the sum at the end, by which a damaged snapshot is told; who means harm can work it out as well. */
export function sealed(body: string): string {
  return `${body}${sumMark}${fnv1aHex(body)}"}`
}

/** Reads a snapshot's text. Throws with a message for people when it is none, or one of another format. */
export function parseSnapshot(text: string): ClusterSnapshot {
  let parsed: any
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new Error('This is not a snapshot: it is not JSON.')
  }
  if (parsed?.format !== snapshotFormat) {
    throw new Error(
      `This snapshot has the format ${JSON.stringify(parsed?.format)}; this version reads ${snapshotFormat}.`,
    )
  }
  if (sealed(text.slice(0, Math.max(0, text.lastIndexOf(sumMark)))) !== text.trimEnd())
    throw new Error('This snapshot is damaged: its sum does not match.')
  if (!Array.isArray(parsed.table)) throw new Error('This snapshot has no table of objects.')
  const table: unknown[] = []
  const read = (value: any, depth: number): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (depth > maxDepth) throw new Error('This snapshot is nested too deeply.')
    if (Array.isArray(value)) return value.map((item) => read(item, depth + 1))
    const reference = value[marker]
    if (typeof reference === 'number') {
      if (!(reference in table)) throw new Error('This snapshot refers to an object that it does not hold.')
      return table[reference]
    }
    const object: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw new Error('This snapshot has a field named __proto__.')
      setOwn(object, key.startsWith(marker) ? key.slice(1) : key, read(value[key], depth + 1))
    }
    return object
  }
  // An entry refers only to entries before it, as they were written.
  for (const entry of parsed.table) table.push(read(entry, 0))
  return read(parsed.root, 0) as ClusterSnapshot
}
