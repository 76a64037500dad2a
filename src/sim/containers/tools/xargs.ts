import { isFailure } from '../kernel/walk.ts'
import { errorText } from './errors.ts'
import { inputsOf, type Inputs, readInputs } from './inputs.ts'
import { options } from './options.ts'
import type { Body } from './tool.ts'

interface Xargs {
  inputs: Inputs
  text: string
  /** Command lines that are still to be run. */
  todo?: string[][]
  pid?: number
  code: number
  bad?: number
  settings: {
    command: string[]
    most: number
    lines: number
    replace?: string
    zero: boolean
    quiet: boolean
    trace: boolean
    delimiter?: string
  }
}

/** Runs a command with what it reads as arguments. */
export const xargs: Body = (call) => {
  const data = call.data<Xargs>(() => {
    const given = options(call, '+0rptn:s:xE:e::I:i::L:l::P:d:', {
      null: '0',
      'no-run-if-empty': 'r',
      'max-args': 'n',
      'max-procs': 'P',
      delimiter: 'd',
      verbose: 't',
    })
    const replace = given?.get('I') ?? (given?.has('i') ? given.get('i') || '{}' : undefined)
    return {
      inputs: inputsOf([]),
      text: '',
      code: 0,
      ...(!given && { bad: 1 }),
      settings: {
        command: given?.rest.length ? given.rest : ['echo'],
        most: Number(given?.get('n') ?? 100_000),
        lines: Number(given?.get('L') ?? 0),
        ...(replace !== undefined && { replace }),
        zero: given?.has('0') ?? false,
        quiet: given?.has('r') ?? false,
        trace: given?.has('t') ?? false,
        ...(given?.has('d') && {
          delimiter: given.get('d')!.replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0'),
        }),
      },
    }
  })
  if (data.bad) return data.bad
  if (!data.todo) {
    const wait = readInputs(call, data.inputs, { text: (chunk) => void (data.text += chunk) })
    if (wait) return wait
    const words = wordsOf(data.text, data.settings)
    if (!words) {
      call.say('unmatched single quote')
      return 1
    }
    data.todo = commandLines(words, data)
    data.text = ''
  }
  for (;;) {
    if (data.pid !== undefined) {
      const ended = call.system.reap(data.pid)
      if (!ended) return { for: 'child', pid: data.pid }
      delete data.pid
      const { code, signal } = ended.status
      if (signal || code === 255) {
        call.say(
          signal
            ? `'${data.settings.command[0]}' terminated by signal ${code - 128}`
            : `${data.settings.command[0]}: exited with status 255; aborting`,
        )
        return signal ? 125 : 124
      }
      if (code !== 0) data.code = 123
    }
    const argv = data.todo.shift()
    if (!argv) return data.code
    if (data.settings.trace) call.err(`${argv.join(' ')}\n`)
    const stuck = call.flush()
    if (stuck) {
      data.todo.unshift(argv)
      return stuck
    }
    const nothing = call.system.open('/dev/null', { read: true })
    const pid = call.system.spawn(argv, isFailure(nothing) ? {} : { fds: { 0: nothing } })
    if (!isFailure(nothing)) call.system.close(nothing)
    if (isFailure(pid)) {
      call.say(`${argv[0]}: ${errorText(pid)}`)
      return pid.errno === 'ENOENT' ? 127 : 126
    }
    data.pid = pid
    if (!call.system.spend(1)) return 'again'
  }
}

function wordsOf(text: string, { zero, replace, lines, delimiter }: Xargs['settings']): string[][] | undefined {
  if (zero || delimiter !== undefined) {
    const parts = text.split(zero ? '\0' : delimiter!)
    if (parts.at(-1) === '') parts.pop()
    return parts.map((part) => [part])
  }
  if (replace !== undefined)
    return text
      .split('\n')
      .map((line) => line.replace(/^[ \t]+/, ''))
      .filter((line) => line !== '')
      .map((line) => [unquoted(line)])
  const found: string[][] = []
  for (const line of text.split('\n')) {
    const words: string[] = []
    let word: string | undefined
    let quote = ''
    for (let at = 0; at < line.length; at++) {
      const char = line[at]!
      if (quote) {
        if (char === quote) quote = ''
        else word += char
      } else if (char === '"' || char === "'") {
        quote = char
        word ??= ''
      } else if (char === '\\' && at + 1 < line.length) word = (word ?? '') + line[++at]
      else if (/\s/.test(char)) {
        if (word !== undefined) words.push(word)
        word = undefined
      } else word = (word ?? '') + char
    }
    if (quote) return undefined
    if (word !== undefined) words.push(word)
    if (lines > 0 ? words.length > 0 : true) found.push(words)
  }
  return lines > 0 ? found : found.flat().map((word) => [word])
}

const unquoted = (line: string) =>
  line.replace(
    /\\(.)|(["'])(.*?)\2/g,
    (_all, escaped?: string, _quote?: string, inside?: string) => escaped ?? inside ?? '',
  )

function commandLines(words: string[][], { settings }: Xargs): string[][] {
  const { command, most, lines, replace, quiet } = settings
  if (replace !== undefined) return words.map(([word]) => command.map((part) => part.replaceAll(replace, word!)))
  if (words.length === 0) return quiet ? [] : [command]
  const result: string[][] = []
  const size = lines > 0 ? lines : Math.max(1, most)
  for (let at = 0; at < words.length; at += size) result.push([...command, ...words.slice(at, at + size).flat()])
  return result
}
