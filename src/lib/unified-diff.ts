/** The hunks of a unified diff with `context` lines around each change, without file headers. */
export function unifiedDiff(before: readonly string[], after: readonly string[], context: number): string {
  const operations = diffLines(before, after)
  const hunks: { start: number; end: number }[] = []
  operations.forEach((operation, index) => {
    if (operation.sign === ' ') return
    const last = hunks.at(-1)
    const start = Math.max(0, index - context)
    const end = Math.min(operations.length, index + context + 1)
    if (last && start <= last.end) last.end = end
    else hunks.push({ start, end })
  })
  let text = ''
  for (const { start, end } of hunks) {
    const part = operations.slice(start, end)
    const oldCount = part.filter(({ sign }) => sign !== '+').length
    const newCount = part.filter(({ sign }) => sign !== '-').length
    const oldStart = operations.slice(0, start).filter(({ sign }) => sign !== '+').length + 1
    const newStart = operations.slice(0, start).filter(({ sign }) => sign !== '-').length + 1
    text += `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@\n`
    for (const { sign, line } of part) text += `${sign}${line}\n`
  }
  return text
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`
}

interface Operation {
  readonly sign: ' ' | '-' | '+'
  readonly line: string
}

const comparedAtMost = 4_000_000

/** Longest common subsequence on what lies between the common head and tail. */
function diffLines(before: readonly string[], after: readonly string[]): Operation[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++
  const a = before.slice(head, before.length - tail)
  const b = after.slice(head, after.length - tail)
  const same = (line: string): Operation => ({ sign: ' ', line })
  // What would take too much memory is replaced as a whole.
  if (a.length * b.length > comparedAtMost) {
    const replaced = [
      ...a.map((line) => ({ sign: '-', line }) as const),
      ...b.map((line) => ({ sign: '+', line }) as const),
    ]
    return [...before.slice(0, head).map(same), ...replaced, ...before.slice(before.length - tail).map(same)]
  }
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  const middle: Operation[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      middle.push(same(a[i++]!))
      j++
    } else if (i < a.length && (j >= b.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
      middle.push({ sign: '-', line: a[i++]! })
    else middle.push({ sign: '+', line: b[j++]! })
  }
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)]
}
