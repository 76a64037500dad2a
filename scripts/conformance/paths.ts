/** Field paths of steps: dotted; `['key.with.dots']`; `[n]`; `[k=v]`; `.length`; a name on a list maps over it. */
export function dig(object: any, path: string): any {
  let value = object
  for (const match of path.matchAll(/\['([^']+)'\]|\[([^=\]]+)=([^\]]*)\]|\[(\d+)\]|([^.[\]]+)/g)) {
    const [, quoted, key, wanted, index, name] = match
    if (value === undefined || value === null) return undefined
    if (quoted !== undefined) value = value[quoted]
    else if (key !== undefined) value = Array.isArray(value) ? value.find((item) => String(item?.[key]) === wanted) : undefined
    else if (index !== undefined) value = value[Number(index)]
    else if (Array.isArray(value)) value = name === 'length' ? value.length : value.map((item) => item?.[name!])
    else value = value[name!]
  }
  return value
}

/** `{path: value}` of the paths that yield something. */
export function pick(object: any, paths: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(paths.map((path) => [path, dig(object, path)]).filter(([, value]) => value !== undefined))
}

/** By the JSON text, as the recorder sorted. */
export function sortedByJson<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [JSON.stringify(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item)
}

/** Every array inside sorted by its JSON text, for answers whose order is random. */
export function unordered(value: any): any {
  if (Array.isArray(value)) return sortedByJson(value.map(unordered))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]))
}
