import { unifiedDiff } from '../../../lib/unified-diff.ts'
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
  const names = given.all('L')
  const context = Number(given.get('U') ?? 3)
  call.out(`--- ${names[0] ?? one}\n+++ ${names[1] ?? two}\n`)
  call.out(unifiedDiff(linesOf(texts[0]), linesOf(texts[1]), context))
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
