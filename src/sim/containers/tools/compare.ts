import { isFailure } from '../kernel/walk.ts'
import { readFile } from './inputs.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

function both(call: Call, paths: readonly string[], stat: boolean): [string, string] | undefined {
  const texts: string[] = []
  for (const path of paths) {
    if (path !== '-' && stat) {
      const status = call.system.status(path)
      if (isFailure(status)) {
        call.complain(`can't stat '${path}'`, status)
        return undefined
      }
    }
    const text = readFile(call, path === '-' ? '/dev/stdin' : path)
    if (text === undefined) return undefined
    texts.push(text)
  }
  return texts as [string, string]
}

const cmp: Body = (call) => {
  const given = options(call, 'lsn:')
  if (!given) return 2
  const [one, two = '-'] = given.rest
  if (one === undefined) return (call.usage('[-ls] [-n NUM] FILE1 [FILE2]'), 2)
  const texts = both(call, [one, two], false)
  if (!texts) return 2
  const [left, right] = texts
  let line = 1
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (at >= left.length || at >= right.length) {
      if (!given.has('s')) call.err(`cmp: EOF on ${at >= left.length ? one : two}\n`)
      return 1
    }
    if (left[at] !== right[at]) {
      if (!given.has('s')) call.out(`${one} ${two} differ: char ${at + 1}, line ${line}\n`)
      return 1
    }
    if (left[at] === '\n') line++
  }
  return 0
}

type Step = readonly [' ' | '-' | '+', string]

/** Lines kept, taken away and added, by the longest common part. */
function steps(left: readonly string[], right: readonly string[]): Step[] {
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start++
  let tail = 0
  while (
    tail < left.length - start &&
    tail < right.length - start &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail++
  const a = left.slice(start, left.length - tail)
  const b = right.slice(start, right.length - tail)
  const middle: Step[] = []
  if (a.length * b.length > 4_000_000)
    middle.push(...a.map((line): Step => ['-', line]), ...b.map((line): Step => ['+', line]))
  else {
    const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
    for (let i = a.length - 1; i >= 0; i--)
      for (let j = b.length - 1; j >= 0; j--)
        common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
    for (let i = 0, j = 0; i < a.length || j < b.length;) {
      if (i < a.length && j < b.length && a[i] === b[j]) {
        middle.push([' ', a[i++]!])
        j++
      } else if (i < a.length && (j >= b.length || common[i + 1]![j]! >= common[i]![j + 1]!))
        middle.push(['-', a[i++]!])
      else middle.push(['+', b[j++]!])
    }
  }
  return [
    ...left.slice(0, start).map((line): Step => [' ', line]),
    ...middle,
    ...left.slice(left.length - tail).map((line): Step => [' ', line]),
  ]
}

const linesOf = (text: string) => {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  else lines.push(`${lines.pop()}\n\\ No newline at end of file`)
  return lines
}

const diff: Body = (call) => {
  const given = options(call, 'abdiL:NqrsS:tTU:wuBE', { brief: 'q', unified: 'u', label: 'L' })
  if (!given) return 2
  const [one, two] = given.rest
  if (one === undefined || two === undefined)
    return (call.usage('[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2'), 2)
  const texts = both(call, [one, two], true)
  if (!texts) return 2
  if (texts[0] === texts[1]) {
    if (given.has('s')) call.out(`Files ${one} and ${two} are identical\n`)
    return 0
  }
  if (given.has('q')) {
    call.out(`Files ${one} and ${two} differ\n`)
    return 1
  }
  const all = steps(linesOf(texts[0]), linesOf(texts[1]))
  const context = Number(given.get('U') ?? 3)
  const names = given.all('L')
  call.out(`--- ${names[0] ?? one}\n+++ ${names[1] ?? two}\n`)
  const changed = all.map(([kind], index) => (kind === ' ' ? -1 : index)).filter((index) => index >= 0)
  for (let at = 0; at < changed.length;) {
    let last = at
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= context * 2) last++
    const from = Math.max(0, changed[at]! - context)
    const to = Math.min(all.length, changed[last]! + context + 1)
    const part = all.slice(from, to)
    const before = all.slice(0, from)
    const count = (list: readonly Step[], not: string) => list.filter(([kind]) => kind !== not).length
    const range = (not: string) => {
      const length = count(part, not)
      const start = count(before, not) + (length > 0 ? 1 : 0)
      return length === 1 ? String(start) : `${start},${length}`
    }
    call.out(`@@ -${range('+')} +${range('-')} @@\n${part.map(([kind, line]) => `${kind}${line}\n`).join('')}`)
    at = last + 1
  }
  return 1
}

const comm: Body = (call) => {
  const given = options(call, '123')
  if (!given) return 1
  const texts = given.rest.length === 2 ? both(call, given.rest, false) : undefined
  if (!texts) return given.rest.length === 2 ? 1 : call.usage('[-123] FILE1 FILE2')
  const [left, right] = texts.map((text) => text.replace(/\n$/, '').split('\n'))
  const show = (column: number, line: string) => {
    if (given.has(String(column))) return
    call.out(
      `${[1, 2]
        .filter((one) => one < column && !given.has(String(one)))
        .map(() => '\t')
        .join('')}${line}\n`,
    )
  }
  for (let i = 0, j = 0; i < left!.length || j < right!.length;) {
    const [a, b] = [left![i], right![j]]
    if (a !== undefined && a === b) {
      show(3, a)
      i++
      j++
    } else if (b === undefined || (a !== undefined && a < b)) show(1, left![i++]!)
    else show(2, right![j++]!)
  }
  return 0
}

/** Tools that compare files. */
export const compareTools = tools({ cmp, diff, comm })
