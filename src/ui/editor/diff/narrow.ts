import { deepEqual } from '../../../lib/deep-equal.ts'
import { withoutServerFields, type Loose } from '../../../playground/manifests/clean.ts'

/**
 * An object as it is and as an apply would make it, cut down to what the file says and what would change. Both have the
 * file's order, so that only real differences show.
 */
export function narrowed(
  live: Loose | undefined,
  after: Loose,
  file: Loose,
): { before: Loose | undefined; after: Loose } {
  const to = withoutServerFields(after)
  if (!live) return { before: undefined, after: narrow(to, undefined, file) as Loose }
  const from = withoutServerFields(live)
  return { before: narrow(from, to, file) as Loose, after: narrow(to, from, file) as Loose }
}

/** What tells the items of a list apart, the first that all of them have. */
const identities = ['name', 'containerPort', 'mountPath', 'devicePath', 'port', 'key', 'ip', 'topologyKey', 'type']

function narrow(value: unknown, other: unknown, file: unknown): unknown {
  if (isMap(value)) {
    const keys = [...Object.keys(isMap(file) ? file : {}), ...Object.keys(value)]
    const kept: Loose = {}
    for (const key of new Set(keys)) {
      if (!(key in value)) continue
      const inFile = isMap(file) && key in file
      const otherValue = isMap(other) ? other[key] : undefined
      if (!inFile && deepEqual(value[key], otherValue)) continue
      // What a new object is given by default is not what the file is about.
      if (!inFile && other === undefined && isMap(file)) continue
      kept[key] = narrow(value[key], otherValue, isMap(file) ? file[key] : undefined)
    }
    return kept
  }
  if (Array.isArray(value) && value.every(isMap)) {
    const identity = identities.find((name) => value.every((item) => item[name] !== undefined))
    const same = (list: unknown, item: Loose, index: number) => {
      if (!Array.isArray(list)) return undefined
      return identity ? list.find((each) => isMap(each) && each[identity] === item[identity]) : list[index]
    }
    return value.map((item, index) => {
      const cut = narrow(item, same(other, item, index), same(file, item, index)) as Loose
      return identity && !(identity in cut) ? { [identity]: item[identity], ...cut } : cut
    })
  }
  return value
}

function isMap(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
