import { endOfString } from './go-json.ts'

/** `duplicate field "data.a"` for each key that comes twice in one object of a JSON text that JSON.parse accepts. */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>()
  walk(text, (path, key, _at, isRepeated) => {
    if (isRepeated) found.add(`duplicate field "${join(path(), key)}"`)
  })
  return [...found]
}

/** Where each key of a JSON text stands, by its path: once, or as often as it comes. */
export function keyOffsets(text: string): Map<string, number[]> {
  const offsets = new Map<string, number[]>()
  walk(text, (path, key, at) => {
    const whole = join(path(), key)
    const known = offsets.get(whole)
    if (known) known.push(at)
    else offsets.set(whole, [at])
  })
  return offsets
}

const join = (path: string, key: string) => (path ? `${path}.${key}` : key)

interface Frame {
  /** Undefined in a list. */
  readonly keys: string[] | undefined
  set: Set<string> | undefined
  index: number
  key: string
}

function walk(text: string, visit: (path: () => string, key: string, at: number, isRepeated: boolean) => void): void {
  const stack: Frame[] = []
  let frame: Frame | undefined
  let expectKey = false
  const pathOf = () => {
    let path = ''
    for (const { keys, index, key } of stack.slice(0, -1)) path = keys ? join(path, key) : `${path}[${index}]`
    return path
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      const start = at
      at = endOfString(text, at)
      if (!expectKey) continue
      expectKey = false
      const raw = text.slice(start + 1, at)
      const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
      visit(pathOf, key, start, remember(frame!, key))
      frame!.key = key
    } else if (code === 123 || code === 91) {
      frame = { keys: code === 123 ? [] : undefined, set: undefined, index: 0, key: '' }
      stack.push(frame)
      expectKey = code === 123
    } else if (code === 125 || code === 93) {
      stack.pop()
      frame = stack.at(-1)
      expectKey = false
    } else if (code === 44 && frame) {
      if (frame.keys) expectKey = true
      else frame.index++
    }
  }
}

/** Was the key there before? A list is faster than a set while it is short. */
function remember(frame: Frame, key: string): boolean {
  const keys = frame.keys!
  if (frame.set) {
    if (frame.set.has(key)) return true
    frame.set.add(key)
    return false
  }
  if (keys.includes(key)) return true
  keys.push(key)
  if (keys.length > 16) frame.set = new Set(keys)
  return false
}
