import { cannotOpen } from './line-tool.ts'
import { inputsOf, type Inputs, readInputs } from './inputs.ts'
import { type Body, type Call, type Outcome, tools } from './tool.ts'

interface View {
  inputs: Inputs
  text: string
  top: number
  shown?: true
  /** What follows a colon. */
  command?: string
  last?: string
}

/** Shows files: a page at a time at a terminal, all of them elsewhere. */
const view: Body = (call) => {
  const paths = call.args.filter((arg) => !/^[-+]/.test(arg))
  const data = call.data<View>(() => ({ inputs: inputsOf(paths), text: '', top: 0 }))
  const screen = call.system.terminal(1)
  const wait = readInputs(call, data.inputs, {
    text: (chunk) => {
      if (screen) data.text += chunk
      else call.out(chunk)
    },
    failed: (path, message) => {
      // A file that vi does not find is a new one.
      if (call.name !== 'vi') cannotOpen(call)(path, message)
    },
  })
  if (wait) return wait
  return screen && call.system.isTerminal(0)
    ? pages(call, data, screen.rows, paths[0] ?? '')
    : call.name === 'vi'
      ? 0
      : data.inputs.code
}

function pages(call: Call, data: View, rows: number, path: string): Outcome {
  const { system } = call
  const lines = data.text.replace(/\n$/, '').split('\n')
  const size = Math.max(1, rows - 1)
  if (call.name !== 'vi' && lines.length <= size && !data.shown) {
    call.out(data.text)
    return data.inputs.code
  }
  for (;;) {
    if (!data.shown) {
      data.shown = true
      system.setRaw(0, true)
      const shown = Array.from({ length: size }, (_, at) => lines[data.top + at] ?? '~')
      const status =
        call.name === 'vi' ? `- ${path} 1/${lines.length} 100%` : data.top + size >= lines.length ? '(END)' : ':'
      call.out(`\x1b[H\x1b[J${shown.join('\r\n')}\r\n${data.command === undefined ? status : `:${data.command}`}`)
      const stuck = call.flush()
      if (stuck) return stuck
    }
    const keys = system.read(0)
    if (keys === '') return { for: 'readable', fd: 0 }
    if (typeof keys !== 'string') return quit(call)
    for (const key of keys) if (pressed(data, key, lines.length, size, call.name === 'vi')) return quit(call)
    delete data.shown
  }
}

function quit(call: Call): number {
  call.system.setRaw(0, false)
  call.out('\n')
  return 0
}

/** True when it is the end. */
function pressed(data: View, key: string, lines: number, size: number, vi: boolean): boolean {
  const bottom = Math.max(0, lines - size)
  if (data.command !== undefined) {
    if (key === '\r' || key === '\n') {
      const leaves = /^(?:w?q!?|x|wq!?|qa!?)$/.test(data.command)
      delete data.command
      return leaves
    }
    if (key === '\x1b') delete data.command
    else data.command += key
    return false
  }
  const before = data.last
  data.last = key
  if (key === ':' && vi) data.command = ''
  else if (key === '\x03' || (!vi && (key === 'q' || key === 'Q')) || (vi && key === 'Z' && before === 'Z')) return true
  else if (key === ' ' || key === 'f' || key === '\x06') data.top = Math.min(bottom, data.top + size)
  else if (key === 'b' || key === '\x02') data.top = Math.max(0, data.top - size)
  else if (key === 'j' || key === '\r' || key === '\n') data.top = Math.min(bottom, data.top + 1)
  else if (key === 'k') data.top = Math.max(0, data.top - 1)
  else if (key === 'G') data.top = bottom
  else if (key === 'g') data.top = 0
  return false
}

/** less, more, and vi, which only looks. */
export const viewTools = tools({ less: view, more: view, vi: view })
