import type { Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { inputsOf, type Inputs, longestLine, readInputs } from './inputs.ts'
import { options, sizeOf } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Ends {
  paths: readonly string[]
  lines: boolean
  count: number
  /** Counted from the other end. */
  other: boolean
  headers: boolean
  left: number
  shown: number
  text: string
  held?: number
}

/** `-5` is `-n 5`, wherever it stands. */
const oldCounts = (args: readonly string[]) =>
  args.flatMap((arg, at) =>
    /^[-+]\d+[a-z]*$/.test(arg) && args[at - 1] !== '-n' && args[at - 1] !== '-c' && !(arg[0] === '+' && at > 0)
      ? ['-n', arg[0] === '+' ? arg : arg.slice(1)]
      : [arg],
  )

function endsOf(call: Call, letters: string): (Ends & { follow: boolean; every: number }) | number {
  const given = options(
    call,
    letters,
    { lines: 'n', bytes: 'c', follow: 'f', quiet: 'q', verbose: 'v' },
    oldCounts(call.args),
  )
  if (!given) return 1
  const lines = !given.has('c')
  const text = given.get(lines ? 'n' : 'c') ?? '10'
  const size = sizeOf(text.replace(/^[-+]/, ''))
  if (size === undefined) {
    call.say(`invalid number '${text}'`)
    return 1
  }
  const headers = given.has('v') || (given.rest.length > 1 && !given.has('q'))
  return {
    paths: given.rest,
    lines,
    count: size,
    other: call.name === 'head' ? text.startsWith('-') : text.startsWith('+'),
    headers,
    left: size,
    shown: 0,
    text: '',
    follow: given.has('f') || given.has('F'),
    every: Number(given.get('s') ?? 1) || 1,
  }
}

const header = (call: Call, state: Ends, path: string) => {
  if (state.headers) call.out(`${state.shown++ > 0 ? '\n' : ''}==> ${path === '-' ? 'standard input' : path} <==\n`)
}

const head: Body = (call) => {
  const data = call.data<{ state?: Ends; inputs: Inputs; code: number }>(() => {
    const state = endsOf(call, 'n:c:qv')
    return typeof state === 'number'
      ? { code: state, inputs: inputsOf([]) }
      : { state, inputs: inputsOf(state.paths), code: 0 }
  })
  const { state } = data
  if (!state) return data.code
  const wait = readInputs(call, data.inputs, {
    failed: (path, message) =>
      call.say(message.startsWith('read error') ? `${path}: ${message.slice(12)}` : `can't open '${path}': ${message}`),
    open: (path) => {
      header(call, state, path)
      state.left = state.count
      state.text = ''
      return state.left === 0 && !state.other ? 'next' : undefined
    },
    text: (chunk) => {
      if (state.other) {
        state.text += chunk
        return undefined
      }
      let end = 0
      if (state.lines)
        while (state.left > 0 && end < chunk.length) {
          const at = chunk.indexOf('\n', end)
          end = at < 0 ? chunk.length : at + 1
          if (at >= 0) state.left--
        }
      else {
        end = Math.min(chunk.length, state.left)
        state.left -= end
      }
      call.out(chunk.slice(0, end))
      return state.left === 0 ? 'next' : undefined
    },
    close: () => {
      if (!state.other) return
      if (!state.lines) call.out(state.text.slice(0, Math.max(0, state.text.length - state.count)))
      else call.out((state.text.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(0, -state.count || undefined).join(''))
    },
  })
  return wait ?? data.inputs.code
}

const tail: Body = (call) => {
  type Tail = Ends & { follow: boolean; every: number }
  const data = call.data<{ state?: Tail; inputs: Inputs; code: number; fds?: number[] }>(() => {
    const state = endsOf(call, 'n:c:qvfFs:')
    return typeof state === 'number'
      ? { code: state, inputs: inputsOf([]) }
      : { state, inputs: inputsOf(state.paths), code: 0 }
  })
  const { state } = data
  if (!state) return data.code
  if (data.fds) return follow(call, data.fds, state)
  const wait = readInputs(call, data.inputs, {
    failed: (path, message) =>
      call.say(message.startsWith('read error') ? message : `can't open '${path}': ${message}`),
    open: (path) => {
      header(call, state, path)
      state.text = ''
      state.left = Math.max(0, state.count - 1)
    },
    text: (chunk) => {
      if (!state.other) {
        // What has no end of line is told apart when one comes.
        if (!state.lines || chunk.includes('\n')) state.text = lastOf(state.text + chunk, state)
        else if (state.text.length > longestLine) state.held = (state.held ?? 0) + chunk.length
        else state.text += chunk
        return
      }
      let from = 0
      if (!state.lines) {
        from = Math.min(chunk.length, state.left)
        state.left -= from
      } else
        while (state.left > 0 && from < chunk.length) {
          const at = chunk.indexOf('\n', from)
          from = at < 0 ? chunk.length : at + 1
          if (at >= 0) state.left--
        }
      call.out(chunk.slice(from))
    },
    close: () => {
      call.out(state.other ? '' : lastOf(state.text, state))
      state.text = ''
    },
  })
  if (wait) return wait
  if (!state.follow) return data.inputs.code
  data.fds = []
  for (const path of state.paths) {
    const fd = path === '-' ? 0 : call.system.open(path, { read: true })
    if (isFailure(fd)) continue
    // What was there has been shown.
    if (call.system.status(path).constructor && isRegular(call, path))
      for (let chunk = call.system.read(fd); typeof chunk === 'string' && chunk !== ''; chunk = call.system.read(fd));
    if (isRegular(call, path) || path === '-') data.fds.push(fd)
  }
  if (data.inputs.code && data.fds.length === 0) {
    call.say('no files')
    return 1
  }
  return follow(call, data.fds, state)
}

function isRegular(call: Call, path: string): boolean {
  const status = call.system.status(path)
  return !isFailure(status) && status.type === 'file'
}

/** Whatever comes is shown; a device brings nothing, so nobody needs to look. */
function follow(call: Call, fds: readonly number[], state: { every: number }): Wait {
  for (const fd of fds)
    for (let chunk = call.system.read(fd); typeof chunk === 'string' && chunk !== ''; chunk = call.system.read(fd))
      call.out(chunk)
  return fds.some((fd) => fd !== 0) ? { for: 'time', until: call.system.now() + state.every * 1000 } : { for: 'signal' }
}

function lastOf(text: string, { lines, count }: Ends): string {
  if (!lines) return count === 0 ? '' : text.slice(-count)
  if (count === 0) return ''
  let at = text.length - (text.endsWith('\n') ? 1 : 0)
  for (let left = count; left > 0 && at >= 0; left--) at = at === 0 ? -1 : text.lastIndexOf('\n', at - 1)
  return text.slice(at + 1)
}

/** Tools that show the beginning or the end of files. */
export const endTools = tools({ head, tail })
