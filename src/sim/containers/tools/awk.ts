import type { Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import type { AwkState } from './awk-record.ts'
import { AwkRun } from './awk-run.ts'
import { Blocked, type Surroundings } from './awk-surroundings.ts'
import type { Node } from './awk-expressions.ts'
import { type AwkProgram, parseAwk } from './awk-syntax.ts'
import { AwkError } from './awk-tokens.ts'
import { isTrue, toNumber } from './awk-values.ts'
import { unescape } from './echo.ts'
import { errorText } from './errors.ts'
import { readFile } from './inputs.ts'
import { options } from './options.ts'
import { BadPattern } from './regex.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Awk {
  source: string
  phase: 'begin' | 'records' | 'end' | 'pipes'
  state: AwkState
  operands: string[]
  at: number
  fd: number
  /** Read and not yet given out; where the next record begins. */
  buffer: string
  from: number
  ended: boolean
  anyFile: boolean
  code: number
  /** Of the part that runs: what commands came to, and how much was printed when it had to wait. */
  results: { text: string; code: number }[]
  printed: number
  child?: { pid: number; fd: number; text: string; kind: string }
}

const parsed = new Map<string, AwkProgram>()
function programOf(source: string): AwkProgram {
  let program = parsed.get(source)
  if (!program) {
    if (parsed.size > 200) parsed.clear()
    program = parseAwk(source)
    parsed.set(source, program)
  }
  return program
}

function begin(call: Call): Awk | number {
  const given = options(call, '+F:v:f:e:W:')
  if (!given) return 1
  const operands = [...given.rest]
  let source = given.all('e').join('\n')
  for (const file of given.all('f')) {
    const text = readFile(call, file)
    if (text === undefined) return 1
    source += `\n${text}`
  }
  if (!given.has('f') && !given.has('e')) {
    const program = operands.shift()
    if (program === undefined) return call.usage('[OPTIONS] [AWK_PROGRAM] [FILE]...')
    source = program
  }
  const globals: AwkState['globals'] = {
    NR: 0,
    NF: 0,
    FNR: 0,
    FS: ' ',
    OFS: ' ',
    ORS: '\n',
    RS: '\n',
    SUBSEP: '\x1c',
    CONVFMT: '%.6g',
    OFMT: '%.6g',
    RSTART: 0,
    RLENGTH: -1,
  }
  const separator = given.get('F')
  if (separator !== undefined) globals['FS'] = separator === 't' ? 't' : unescape(separator, false).text
  const arrays: AwkState['arrays'] = { ENVIRON: {}, ARGV: { ':0': 'awk' } }
  for (const [name, value] of Object.entries(call.system.process.env)) arrays['ENVIRON']![`:${name}`] = { s: value }
  operands.forEach((operand, index) => (arrays['ARGV']![`:${index + 1}`] = { s: operand }))
  globals['ARGC'] = operands.length + 1
  const state: AwkState = {
    globals,
    arrays,
    record: '',
    ranges: [],
    files: {},
    commands: {},
    pipes: {},
    written: {},
    seed: 1,
    exit: 0,
  }
  for (const one of given.all('v')) if (!assignment(globals, one)) return call.usage()
  return {
    source,
    phase: 'begin',
    state,
    operands,
    at: 0,
    fd: -1,
    buffer: '',
    from: 0,
    ended: false,
    anyFile: false,
    code: 0,
    results: [],
    printed: 0,
  }
}

function assignment(globals: AwkState['globals'], text: string): boolean {
  const match = /^([A-Za-z_]\w*)=([^]*)$/.exec(text)
  if (match && match[1] !== '__proto__') globals[match[1]!] = { s: unescape(match[2]!, false).text }
  return match !== null
}

const awk: Body = (call) => {
  try {
    const data = call.data<{ awk?: Awk; code: number }>(() => {
      const begun = begin(call)
      return typeof begun === 'number' ? { code: begun } : { awk: begun, code: 0 }
    })
    return data.awk ? run(call, data.awk) : data.code
  } catch (error) {
    if (!(error instanceof AwkError) && !(error instanceof BadPattern)) throw error
    call.err(
      `${call.name}: ${error instanceof AwkError ? `cmd. line:1: ${error.message}` : `bad regex: ${error.message}`}\n`,
    )
    return 1
  }
}

function run(call: Call, awk: Awk) {
  const program = programOf(awk.source)
  for (;;) {
    if (awk.child) {
      const wait = finishChild(call, awk)
      if (wait) return wait
    }
    // What may wait begins again from here, with the results that have come by then.
    const before = program.waits ? JSON.stringify([awk.state, awk.from, awk.ended]) : undefined
    let count = 0
    let result = 0
    let wait: Wait | undefined
    const around: Surroundings = {
      call,
      out: (text) => {
        if (count++ < awk.printed) return
        awk.printed = count
        call.out(text)
      },
      record: () => nextRecord(call, awk, run, (one) => (wait = one)),
      result: (kind, command, input = '') => {
        const known = awk.results[result++]
        if (known) return known
        throw new Blocked(kind, command, input)
      },
    }
    const run = new AwkRun(program, awk.state, around)
    try {
      if (part(program, awk, run)) return awk.state.exit || awk.code
      awk.results = []
      awk.printed = 0
      if (awk.from > 65536) {
        awk.buffer = awk.buffer.slice(awk.from)
        awk.from = 0
      }
    } catch (blocked) {
      if (!(blocked instanceof Blocked)) throw blocked
      if (before !== undefined) [awk.state, awk.from, awk.ended] = JSON.parse(before) as [AwkState, number, boolean]
      if (blocked.kind === 'record') return wait!
      const stuck = call.flush()
      if (stuck) return stuck
      const failure = startChild(call, awk, blocked)
      if (failure) awk.results.push({ text: '', code: 127 })
    }
    if (!call.system.spend(1 + (run.operations >> 8))) return 'again'
    const stuck = call.flush()
    if (stuck) return stuck
    if (call.ended !== undefined) return 'again'
  }
}

/** Runs BEGIN, the rules for one record, or END; true when all is done. */
function part(program: AwkProgram, awk: Awk, run: AwkRun): boolean {
  const blocks = (nodes: readonly Node[]) => nodes.some((node) => flowOf(run, node) === 'exit')
  if (awk.phase === 'begin') {
    const exits = blocks(program.begin)
    awk.phase = exits ? 'pipes' : program.rules.length === 0 && program.end.length === 0 ? 'pipes' : 'records'
    if (exits && program.end.length > 0) awk.phase = 'end'
    return false
  }
  if (awk.phase === 'records') {
    const record = run.around.record()
    if (record === undefined) {
      awk.phase = 'end'
      return false
    }
    run.setRecord(record)
    for (const name of ['NR', 'FNR']) run.state.globals[name] = toNumber(run.global(name)) + 1
    for (const [index, rule] of program.rules.entries()) {
      if (!applies(run, rule, index)) continue
      const flow = flowOf(run, rule.body ?? ['print', []])
      if (flow === 'exit') {
        awk.phase = 'end'
        break
      }
      if (flow === 'next') break
      if (flow === 'nextfile') {
        awk.buffer = ''
        awk.from = 0
        if (awk.fd > 0) run.around.call.system.close(awk.fd)
        awk.fd = -1
        break
      }
    }
    return false
  }
  if (awk.phase === 'end') {
    blocks(program.end)
    awk.phase = 'pipes'
    return false
  }
  const [command, text] = Object.entries(run.state.pipes)[0] ?? []
  if (command === undefined) return true
  run.around.result('feed', command.slice(1), text)
  delete run.state.pipes[command]
  return false
}

function flowOf(run: AwkRun, node: Node) {
  try {
    return run.run(node)
  } catch (flow) {
    if (flow === 'exit' || flow === 'next') return flow
    throw flow
  }
}

function applies(run: AwkRun, { from, to }: AwkProgram['rules'][number], index: number): boolean {
  if (!from) return true
  if (!to) return isTrue(run.value(from))
  const { ranges } = run.state
  const inside = ranges.includes(index)
  if (!inside && !isTrue(run.value(from))) return false
  const ends = isTrue(run.value(to))
  if (ends && inside) ranges.splice(ranges.indexOf(index), 1)
  else if (!ends && !inside) ranges.push(index)
  return true
}

function nextRecord(call: Call, awk: Awk, run: AwkRun, wait: (one: Wait) => void): string | undefined {
  for (;;) {
    const separator = run.text('RS')
    const found = recordIn(awk, run, separator)
    if (found !== undefined) return found
    if (awk.fd < 0 && !openNext(call, awk, run)) return undefined
    const chunk = call.system.read(awk.fd)
    if (chunk === '') {
      wait({ for: 'readable', fd: awk.fd })
      throw new Blocked('record')
    }
    if (chunk === undefined || isFailure(chunk)) {
      if (isFailure(chunk)) {
        call.say(`${awk.operands[awk.at - 1] ?? '-'}: ${errorText(chunk)}`)
        awk.code = 1
      }
      if (awk.fd > 0) call.system.close(awk.fd)
      awk.fd = -1
      awk.ended = true
    } else awk.buffer += chunk
  }
}

function recordIn(awk: Awk, run: AwkRun, separator: string): string | undefined {
  const { buffer } = awk
  if (separator === '') while (buffer[awk.from] === '\n') awk.from++
  let start = -1
  let end = -1
  if (separator.length === 1) {
    start = buffer.indexOf(separator, awk.from)
    end = start + 1
  } else {
    const match = run.compiled(separator === '' ? '\n\n+' : separator).exec(buffer.slice(awk.from))
    // A separator at the very end may go on.
    if (match && (awk.ended || awk.from + match[1]! < buffer.length)) {
      start = awk.from + match[0]!
      end = awk.from + match[1]!
    }
  }
  if (start < 0) {
    if (!awk.ended) return undefined
    awk.ended = false
    if (awk.from >= buffer.length) return undefined
    start = end = buffer.length
    if (separator === '' && buffer.endsWith('\n')) start--
  }
  const record = buffer.slice(awk.from, start)
  awk.from = end
  return record
}

function openNext(call: Call, awk: Awk, run: AwkRun): boolean {
  while (awk.at < awk.operands.length) {
    const operand = awk.operands[awk.at++]!
    if (operand === '' || assignment(run.state.globals, operand)) continue
    awk.anyFile = true
    const fd = operand === '-' ? 0 : call.system.open(operand, { read: true })
    if (isFailure(fd)) {
      // Upstream ends here, whatever other files there are.
      call.say(`${operand}: ${errorText(fd)}`)
      awk.code = 1
      continue
    }
    awk.fd = fd
    run.state.globals['FILENAME'] = operand
    run.state.globals['FNR'] = 0
    return true
  }
  if (awk.anyFile) return false
  awk.anyFile = true
  awk.fd = 0
  return true
}

function startChild(call: Call, awk: Awk, { kind, command, input }: Blocked): boolean {
  const { system } = call
  const pipe = kind === 'read' ? system.pipe() : undefined
  const document = kind === 'feed' ? system.document(input) : undefined
  const pid = system.spawn(['sh', '-c', command], {
    fds: pipe ? { 1: pipe.write } : document !== undefined ? { 0: document } : {},
  })
  if (pipe) system.close(pipe.write)
  if (document !== undefined) system.close(document)
  if (isFailure(pid)) {
    if (pipe) system.close(pipe.read)
    return true
  }
  awk.child = { pid, fd: pipe ? pipe.read : -1, text: '', kind }
  return false
}

function finishChild(call: Call, awk: Awk): Wait | undefined {
  const child = awk.child!
  const { system } = call
  while (child.fd >= 0) {
    const chunk = system.read(child.fd)
    if (chunk === '') return { for: 'readable', fd: child.fd }
    if (typeof chunk === 'string') child.text += chunk
    else {
      system.close(child.fd)
      child.fd = -1
    }
  }
  const ended = system.reap(child.pid)
  if (!ended) return { for: 'child', pid: child.pid }
  awk.results.push({ text: child.text, code: ended.status.code })
  delete awk.child
  return undefined
}

/** awk. */
export const awkTools = tools({ awk, gawk: awk, mawk: awk })
