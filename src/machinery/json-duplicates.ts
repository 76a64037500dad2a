/** `duplicate field "data.a"` for each key that comes twice in one object of a JSON text that JSON.parse accepts. */
export function duplicateFields(text: string): string[] {
  const found: string[] = []
  interface Frame {
    keys: Set<string> | undefined
    index: number
    path: string
    key: string
  }
  const stack: Frame[] = []
  let expectKey = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '{' || character === '[') {
      const parent = stack.at(-1)
      const path = !parent
        ? ''
        : parent.keys
          ? parent.path
            ? `${parent.path}.${parent.key}`
            : parent.key
          : `${parent.path}[${parent.index}]`
      stack.push({ keys: character === '{' ? new Set() : undefined, index: 0, path, key: '' })
      expectKey = character === '{'
    } else if (character === '}' || character === ']') {
      stack.pop()
      expectKey = false
    } else if (character === ',') {
      const frame = stack.at(-1)
      if (frame?.keys) expectKey = true
      else if (frame) frame.index++
    } else if (character === '"') {
      const start = at
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
      if (!expectKey) continue
      expectKey = false
      const frame = stack.at(-1)!
      const key = JSON.parse(text.slice(start, at + 1)) as string
      if (frame.keys!.has(key)) found.push(`duplicate field "${frame.path ? `${frame.path}.${key}` : key}"`)
      frame.keys!.add(key)
      frame.key = key
    }
  }
  return [...new Set(found)]
}
