import { EVENT_ID, getScalarValue, parseEvents } from 'js-yaml'

/** `line 5: key "x" already set in map` for each key that comes twice in a mapping, in the words of Go's YAML decoder. */
export function yamlDuplicates(source: string, firstLine: number): string[] {
  interface Frame {
    readonly keys: Set<string> | undefined
    /** In a mapping: the next node is a key. */
    key: boolean
  }
  const found: string[] = []
  const stack: Frame[] = []
  let line = firstLine
  let counted = 0
  const lineAt = (offset: number): number => {
    for (let at = source.indexOf('\n', counted); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) {
      line++
      counted = at + 1
    }
    return line
  }
  const ended = () => {
    const top = stack.at(-1)
    if (top?.keys) top.key = !top.key
  }
  for (const event of parseEvents(source, {})) {
    if (event.type === EVENT_ID.MAPPING) stack.push({ keys: new Set(), key: true })
    else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.DOCUMENT)
      stack.push({ keys: undefined, key: false })
    else if (event.type === EVENT_ID.POP) {
      stack.pop()
      ended()
    } else {
      const top = stack.at(-1)
      if (event.type === EVENT_ID.SCALAR && top?.keys && top.key) {
        const key = getScalarValue(source, event)
        if (top.keys.has(key) && key !== '<<' && found.length < 100)
          found.push(`line ${lineAt(event.valueStart)}: key ${JSON.stringify(key)} already set in map`)
        top.keys.add(key)
      }
      ended()
    }
  }
  return found
}
