import type { Step } from '../kernel/types.ts'
import { expandPattern, expandText } from './expand.ts'
import { advanceSubstitution } from './substitution.ts'
import type { Frame } from './memory.ts'
import { matches } from './patterns.ts'
import { moveUp, redirect, restore } from './redirects.ts'
import type { Shell } from './shell.ts'
import { runCommand } from './commands.ts'
import { waitFor } from './external.ts'
import type { Op } from './syntax.ts'
import { addText } from './texts.ts'
import { checkStatus, expandAll, expanded, finish, isTested, nextWord, targetText, workOf } from './work.ts'

/** Carries out one instruction, or goes on with it. Returns what must be waited for. */
export function advance(shell: Shell, frame: Frame): Step | undefined {
  const { memory } = shell
  const ops = frame.place.block < 0 ? [] : shell.unit(frame.place).blocks[frame.place.block]!
  // With -n, what is read is only looked at.
  const op = shell.option('n') && !memory.input?.terminal ? undefined : ops[frame.pc]
  if (!op) return endOfBlock(shell, frame)
  if (frame.work?.substitution) return advanceSubstitution(shell, frame.work)
  switch (op.op) {
    case 'run':
      return runCommand(shell, frame, op, ops)
    case 'jump':
      frame.pc += op.by
      return undefined
    case 'ifFailed':
      frame.pc += memory.status !== 0 ? op.by : 1
      return undefined
    case 'ifOk':
      frame.pc += memory.status === 0 ? op.by : 1
      return undefined
    case 'not':
      memory.status = memory.status === 0 ? 1 : 0
      break
    case 'status':
      memory.status = op.status
      break
    case 'define':
      if (Object.hasOwn(memory.functions, op.name) || op.name !== '__proto__')
        memory.functions[op.name] = { ...frame.place, block: op.block }
      memory.status = 0
      break
    case 'loop':
      frame.loops.push({ end: frame.pc + op.end, next: frame.pc + op.next, status: 0, saves: frame.redirects.length })
      break
    case 'loopStatus':
      frame.loops.at(-1)!.status = memory.status
      break
    case 'endLoop':
      memory.status = frame.loops.pop()!.status
      break
    case 'restore':
      restore(shell, frame.redirects.pop()!)
      break
    case 'each':
      return each(shell, frame, op.end)
    case 'for': {
      memory.line = op.line
      const items = op.words ? expandAll(shell, frame, op.words) : [...memory.params]
      if (!items) return undefined
      delete frame.work
      frame.loops.push({
        end: frame.pc + op.end,
        next: frame.pc + op.next,
        status: 0,
        saves: frame.redirects.length,
        items,
        name: op.name,
        index: 0,
      })
      break
    }
    case 'case':
      memory.line = op.line
      return choose(shell, frame, op)
    case 'redirect':
      return redirectAll(shell, frame, op)
    case 'subshell':
      return subshell(shell, frame, op, ops)
    case 'pipeline':
      return pipeline(shell, frame, op)
  }
  frame.pc++
  return undefined
}

/** After its last instruction a frame goes on with the next complete command, or ends. */
function endOfBlock(shell: Shell, frame: Frame): undefined {
  const { next } = frame
  if (next && next.at < shell.memory.texts[frame.place.text]!.text.length) {
    // Aliases that were made meanwhile count from here on.
    const text = addText(shell.memory, shell.memory.texts[frame.place.text]!.text)
    const unit = shell.unit({ text, ...next })
    frame.place = { text, ...next, block: 0 }
    frame.next = { at: unit.end, line: unit.line }
    frame.pc = 0
    return undefined
  }
  shell.popFrame()
  return undefined
}

function each(shell: Shell, frame: Frame, end: number): undefined {
  const { memory } = shell
  const loop = frame.loops.at(-1)!
  const index = loop.index!
  if (index > 0) loop.status = memory.status
  if (index >= loop.items!.length) {
    frame.pc += end
    return undefined
  }
  loop.index = index + 1
  shell.assign(loop.name!, loop.items![index]!)
  frame.pc++
  return undefined
}

function choose(shell: Shell, frame: Frame, op: Op & { op: 'case' }): undefined {
  const work = workOf(frame)
  if (work.word === 0) {
    const text = expanded(shell, work, (results) => expandText(shell, op.word, results))
    if (text === undefined) return undefined
    work.fields = [text]
    nextWord(work)
  }
  const patterns = op.items.flatMap((item) => item.patterns.map((pattern) => ({ pattern, by: item.by })))
  while (work.word <= patterns.length) {
    const { pattern, by } = patterns[work.word - 1]!
    const text = expanded(shell, work, (results) => expandPattern(shell, pattern, results))
    if (text === undefined) return undefined
    if (matches(text, work.fields[0]!)) {
      delete frame.work
      frame.pc += by
      return undefined
    }
    nextWord(work)
  }
  delete frame.work
  shell.memory.status = 0
  frame.pc += op.end
  return undefined
}

function redirectAll(shell: Shell, frame: Frame, op: Op & { op: 'redirect' }): undefined {
  const work = workOf(frame)
  shell.memory.line = op.line
  while (work.word < op.redirects.length) {
    const text = expanded(shell, work, (results) => targetText(shell, work, op.redirects[work.word]!, results))
    if (text === undefined) return undefined
    work.fields.push(text)
    nextWord(work)
  }
  const saves = work.fault ?? redirect(shell, op.redirects, work.fields)
  delete frame.work
  if (typeof saves === 'string') {
    shell.say(saves)
    shell.memory.status = shell.ash ? 1 : 2
    frame.pc += op.by
    checkStatus(shell, frame, op)
    return undefined
  }
  frame.redirects.push(saves)
  frame.pc++
  return undefined
}

function subshell(shell: Shell, frame: Frame, op: Op & { op: 'subshell' }, ops: readonly Op[]): Step | undefined {
  const { memory, system } = shell
  if (op.background) {
    // Without a terminal, what runs in the background does not read.
    const nothing = memory.input?.terminal ? undefined : system.open('/dev/null', { read: true })
    const fd = typeof nothing === 'number' ? moveUp(shell, nothing) : undefined
    const pid = shell.fork(op.block, false, fd === undefined ? {} : { 0: fd }, true)
    if (fd !== undefined) system.close(fd)
    addJob(shell, [pid], op.source)
    frame.pc++
    return undefined
  }
  if (isAllThatIsLeft(shell, frame, ops)) {
    // A forked shell that has nothing else to do is the subshell itself.
    frame.place = { ...frame.place, block: op.block }
    frame.pc = 0
    if (op.tested) frame.tested = true
    return undefined
  }
  const work = workOf(frame)
  if (!work.pids) work.pids = [shell.fork(op.block, isTested(frame, op), {})]
  const status = waitFor(shell, work)
  if (typeof status !== 'number') return status
  return finish(shell, frame, op, status)
}

function addJob(shell: Shell, pids: number[], source: string): void {
  const { memory } = shell
  const pid = pids.at(-1)!
  const id = Math.max(0, ...memory.jobs.map((job) => job.id)) + 1
  memory.lastJob = pid
  memory.jobs.push({ id, pids, source })
  if (memory.input?.terminal) shell.write(2, `[${id}] ${pid}\n`)
  memory.status = 0
}

/** Only redirections have to be taken back after this instruction of a fork's only block. */
function isAllThatIsLeft({ memory }: Shell, frame: Frame, ops: readonly Op[]): boolean {
  if (memory.frames.length > 1 || frame.kind !== 'block' || frame.loops.length > 0) return false
  if (Object.values(memory.traps).some((action) => action !== '')) return false
  return ops.slice(frame.pc + 1).every(({ op }) => op === 'restore')
}

function pipeline(shell: Shell, frame: Frame, op: Op & { op: 'pipeline' }): Step | undefined {
  const { system } = shell
  const work = workOf(frame)
  if (!work.pids) {
    work.pids = []
    let input: number | undefined
    for (const [index, block] of op.blocks.entries()) {
      const last = index === op.blocks.length - 1
      const pipe = last ? undefined : system.pipe()
      const output = pipe && moveUp(shell, pipe.write)
      const next = pipe && moveUp(shell, pipe.read)
      const fds: Record<number, number> = {}
      if (input !== undefined) fds[0] = input
      if (output !== undefined) fds[1] = output
      work.pids.push(shell.fork(block, isTested(frame, op), fds, op.background))
      if (input !== undefined) system.close(input)
      if (output !== undefined) system.close(output)
      input = next
    }
  }
  if (op.background) {
    addJob(shell, work.pids, op.source)
    delete frame.work
    frame.pc++
    return undefined
  }
  const status = waitFor(shell, work)
  if (typeof status !== 'number') return status
  const failed = shell.option('pipefail')
    ? work.pids.map((pid) => work.statuses![pid]!).findLast((one) => one !== 0)
    : undefined
  return finish(shell, frame, op, failed ?? status)
}
