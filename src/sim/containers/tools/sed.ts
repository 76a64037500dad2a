import { type Inputs, inputsOf, readFile, readInputs, writeFile } from './inputs.ts'
import { options } from './options.ts'
import { BadPattern, regex } from './regex.ts'
import { commandsOf, type Sed, SedMachine } from './sed-machine.ts'
import { BadScript } from './sed-script.ts'
import { type Body, type Call, tools } from './tool.ts'

const long = {
  expression: 'e',
  file: 'f',
  'in-place': 'i',
  quiet: 'n',
  silent: 'n',
  'regexp-extended': 'E',
  separate: 's',
}

function begin(call: Call): { state: Sed; paths: string[] } | number {
  const given = options(call, 'i::rEne:f:sz', long)
  if (!given) return 1
  const rest = [...given.rest]
  const scripts = given.all('e')
  for (const file of given.all('f')) {
    const text = readFile(call, file)
    if (text === undefined) return 1
    scripts.push(text)
  }
  if (scripts.length === 0) {
    const script = rest.shift()
    if (script === undefined)
      return call.usage('[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...')
    scripts.push(script)
  }
  const script = scripts.join('\n')
  const extended = given.has('r') || given.has('E')
  for (const command of commandsOf(script)) {
    for (const pattern of [
      command.name === 's' ? command.pattern : undefined,
      command.first?.type === 'match' ? command.first.pattern : undefined,
    ])
      if (pattern) regex(pattern, extended)
    if (command.name !== 's') continue
    const groups = command.pattern ? regex(command.pattern, extended).groups : 9
    const reference = Math.max(
      0,
      ...[...command.text.matchAll(/\\(?:([1-9])|.)/g)].map(([, digit]) => Number(digit ?? 0)),
    )
    if (reference > groups)
      throw new BadScript(`reference \\${reference} on s command's RHS requires a corresponding group`)
  }
  const state: Sed = {
    script,
    quiet: given.has('n') || /^#n(\n|$)/.test(script),
    extended,
    separate: given.has('s') || given.has('i'),
    ...(given.has('i') && { inPlace: given.get('i')! }),
    number: 0,
    hold: '',
    ranges: {},
    outputs: {},
    result: '',
    pattern: '',
    code: 0,
    done: false,
    appended: '',
  }
  return { state, paths: rest }
}

const sed: Body = (call) => {
  try {
    const data = call.data<{ state?: Sed; inputs: Inputs; code: number }>(() => {
      const begun = begin(call)
      return typeof begun === 'number'
        ? { code: begun, inputs: inputsOf([]) }
        : { state: begun.state, inputs: inputsOf(begun.paths), code: 0 }
    })
    if (!data.state) return data.code
    return run(call, data.state, data.inputs)
  } catch (error) {
    if (error instanceof BadPattern) call.say('bad regex')
    else if (error instanceof BadScript) call.say(error.message)
    else throw error
    return 1
  }
}

function run(call: Call, state: Sed, inputs: Inputs) {
  const machine = new SedMachine(call, state)
  const last = (file: number) => {
    if (!state.next || (state.separate && state.next.file !== file)) return true
    return false
  }
  const take = (line: string, whole: boolean) => {
    const before = state.next
    state.next = { line, whole, file: inputs.at }
    if (before && !state.done) machine.line(before.line, before.whole, last(before.file))
    return state.done ? ('stop' as const) : undefined
  }
  const wait = readInputs(call, inputs, {
    failed: (path, message) => call.say(`${path}: ${message}`),
    line: take,
    close: (path) => {
      if (state.inPlace === undefined || path === '-') return
      const held = state.next
      delete state.next
      if (held && !state.done) machine.line(held.line, held.whole, true)
      machine.finish()
      if (state.inPlace !== '') {
        const text = readFile(call, path)
        if (text !== undefined) writeFile(call, path + state.inPlace, text)
      }
      // The rest of a file that was left early stays as it is.
      writeFile(call, path, state.result)
      state.result = ''
      if (!state.done) state.ranges = {}
    },
  })
  if (wait) return wait
  const held = state.next
  delete state.next
  if (held && !state.done) machine.line(held.line, held.whole, true)
  machine.finish()
  for (const [path, text] of Object.entries(state.outputs))
    if (path === '/dev/stdout') call.out('')
    else writeFile(call, path, text)
  return state.code || inputs.code
}

/** sed. */
export const sedTools = tools({ sed })
