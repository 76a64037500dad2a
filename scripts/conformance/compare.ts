/** The first place where an answer differs from the recorded one, or undefined. */
export function firstDifference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (Object.is(expected, actual)) return undefined
  const at = path || '(whole)'
  if (typeof expected === 'string' && typeof actual === 'string') return textsMatch(expected, actual) ? undefined : `${at}: ${difference(expected, actual)}`
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
      if (index >= actual.length) return `${at}[${index}]: missing ${show(expected[index])}`
      if (index >= expected.length) return `${at}[${index}]: not expected ${show(actual[index])}`
      const found = firstDifference(expected[index], actual[index], `${path}[${index}]`)
      if (found) return found
    }
    return undefined
  }
  if (isObject(expected) && isObject(actual)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()) {
      const inner = path ? `${path}.${key}` : key
      if (!Object.hasOwn(actual, key)) return `${inner}: missing ${show(expected[key])}`
      if (!Object.hasOwn(expected, key)) return `${inner}: not expected ${show(actual[key])}`
      if (key === 'count' && countsMatch(expected, expected[key], actual[key])) continue
      const found = firstDifference(expected[key], actual[key], inner)
      if (found) return found
    }
    return undefined
  }
  return `${at}: expected ${show(expected)}, got ${show(actual)}`
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** How often a retried event came is no fact beyond what jitter allows; how often others came is. */
function countsMatch(event: Record<string, unknown>, expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'number' || typeof actual !== 'number' || !('reason' in event)) return false
  if (expected === actual) return true
  const isRetried = expected > 1 || retried.has(String(event['reason']))
  return isRetried && actual >= 1 && Math.abs(expected - actual) <= Math.max(1, expected / 2)
}

/** What is tried again and again is counted from the first time; that a container was started once is a fact. */
const retried: ReadonlySet<string> = new Set(['BackOff', 'Unhealthy', 'Failed', 'FailedMount', 'Pulling', 'FailedScheduling'])

/** Blanks are folded, since ages of other widths shift columns; `(x3 over 10s)` counts are no facts either. */
function textsMatch(expected: string, actual: string): boolean {
  return expected === actual || (expected.includes('\n') && withEventsSorted(fold(expected)) === withEventsSorted(fold(actual)))
}

/** `describe` lists events by the second they came in last: what falls into one second is no fact. Timelines tell in which order they first came. */
function withEventsSorted(text: string): string {
  const at = text.indexOf('\nEvents:\n')
  return at < 0 ? text : text.slice(0, at) + text.slice(at).split('\n').sort().join('\n')
}

function fold(text: string): string {
  return text
    .replace(/ {2,}|\t+/g, ' ')
    .replace(/ \(x\d+ over [^)]*\)/g, '')
    .replace(/-{3,}/g, '---')
}

function difference(expected: string, actual: string): string {
  let at = 0
  while (at < expected.length && expected[at] === actual[at]) at++
  const from = Math.max(0, at - 40)
  return `expected …${show(expected.slice(from, at + 160))}, got …${show(actual.slice(from, at + 160))}`
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

/** Answers under a renaming of nodes: which of several equal nodes was chosen is not compared. */
export function renameNodes(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (names.size === 0) return value
  const pattern = new RegExp(`\\b(${[...names.keys()].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})\\b(?![-.\\w])`, 'g')
  return JSON.parse(JSON.stringify(value).replace(pattern, (name) => names.get(name) ?? name))
}

/** All orders of a few items. */
export function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) {
    yield [...items]
    return
  }
  for (let index = 0; index < items.length; index++) for (const rest of permutations([...items.slice(0, index), ...items.slice(index + 1)])) yield [items[index]!, ...rest]
}
