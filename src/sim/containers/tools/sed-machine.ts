import { isFailure } from '../kernel/walk.ts'
import { type Found, type Regex, regex } from './regex.ts'
import { type Address, BadScript, type Command, parseSed } from './sed-script.ts'
import type { Call } from './tool.ts'

/** What sed knows between lines: plain data. */
export interface Sed {
  script: string
  quiet: boolean
  extended: boolean
  separate: boolean
  /** -i, with the ending for what was there. */
  inPlace?: string
  number: number
  hold: string
  /** Commands whose range is open, and where it ends if that is a number. */
  ranges: Record<string, number>
  /** The line that is held back until it is known whether it is the last. */
  next?: { line: string; whole: boolean; file: number }
  /** A line is asked for by `n` or `N` and has not come: where to go on. */
  going?: { at: number; space: string; joined: boolean }
  outputs: Record<string, string>
  result: string
  pattern: string
  code: number
  done: boolean
  appended: string
  bare?: true
}

const parsed = new Map<string, Command[]>()

/** A script's commands. Throws BadScript. */
export function commandsOf(script: string): Command[] {
  let commands = parsed.get(script)
  if (!commands) {
    if (parsed.size > 200) parsed.clear()
    commands = parseSed(script)
    parsed.set(script, commands)
  }
  return commands
}

/** Runs the commands over one line after the other. */
export class SedMachine {
  private readonly call: Call
  private readonly state: Sed
  private readonly commands: readonly Command[]
  private whole = true

  constructor(call: Call, state: Sed) {
    this.call = call
    this.state = state
    this.commands = commandsOf(state.script)
  }

  private put(text: string): void {
    if (text === '') return
    // Only what is printed last goes without the newline that its line did not have.
    if (this.state.bare) text = `\n${text}`
    delete this.state.bare
    if (this.state.inPlace === undefined) this.call.out(text)
    else this.state.result += text
  }

  private print(space: string): void {
    if (this.whole) return this.put(`${space}\n`)
    this.put(space)
    this.state.bare = true
  }

  private flushAppended(): void {
    this.put(this.state.appended)
    this.state.appended = ''
  }

  line(line: string, whole: boolean, isLast: boolean): void {
    const { state } = this
    state.number++
    this.whole = whole
    const { going } = state
    if (going) {
      delete state.going
      this.execute(going.joined ? `${going.space}\n${line}` : line, going.at, isLast)
    } else this.execute(line, 0, isLast)
  }

  /** All is read: what `n` or `N` still waits for does not come. */
  finish(): void {
    const { going } = this.state
    delete this.state.going
    if (going?.joined && !this.state.quiet) this.print(going.space)
    this.flushAppended()
  }

  private execute(start: string, from: number, isLast: boolean): void {
    const { state } = this
    let space = start
    let substituted = false
    let steps = 0
    const cycleEnd = () => {
      if (!state.quiet) this.print(space)
      this.flushAppended()
    }
    for (let at = from; at < this.commands.length; at++) {
      if (++steps > 200_000) throw new BadScript('the script does not come to an end')
      const command = this.commands[at]!
      if (!this.applies(command, at, space, isLast)) {
        if (command.name === '{') at = command.end!
        continue
      }
      switch (command.name) {
        case 'd':
          this.flushAppended()
          return
        case 'D': {
          const end = space.indexOf('\n')
          this.flushAppended()
          if (end < 0) return
          space = space.slice(end + 1)
          at = -1
          break
        }
        case 'p':
          this.print(space)
          break
        case 'P':
          this.put(`${space.split('\n', 1)[0]}\n`)
          break
        case '=':
          this.put(`${state.number}\n`)
          break
        case 'l':
          // Upstream: read, and nothing comes of it.
          break
        case 'a':
          state.appended += command.text
          break
        case 'i':
          this.put(command.text)
          break
        case 'c':
          if (!command.second || command.negated || !Object.hasOwn(state.ranges, at) || isLast) this.put(command.text)
          this.flushAppended()
          return
        case 'g':
          space = state.hold
          break
        case 'G':
          space += `\n${state.hold}`
          break
        case 'h':
          state.hold = space
          break
        case 'H':
          state.hold += `\n${space}`
          break
        case 'x':
          ;[space, state.hold] = [state.hold, space]
          break
        case 'z':
          space = ''
          break
        case 'n':
        case 'N':
          if (isLast) {
            if (!state.quiet) this.print(space)
            this.flushAppended()
            state.done = true
            return
          }
          if (command.name === 'n') {
            if (!state.quiet) this.print(space)
          }
          this.flushAppended()
          state.going = { at: at + 1, space, joined: command.name === 'N' }
          return
        case 'q':
        case 'Q':
          if (command.name === 'q') cycleEnd()
          state.code = Number(command.text || 0)
          state.done = true
          return
        case 'b':
        case 't':
        case 'T':
          if (command.name === 'b' || (command.name === 't') === substituted) {
            const to =
              command.text === ''
                ? this.commands.length
                : this.commands.findIndex(({ name, text }) => name === ':' && text === command.text)
            at = to
          }
          if (command.name !== 'b') substituted = false
          break
        case 'r': {
          const fd = this.call.system.open(command.text, { read: true })
          if (isFailure(fd)) break
          for (
            let chunk = this.call.system.read(fd);
            typeof chunk === 'string' && chunk !== '';
            chunk = this.call.system.read(fd)
          )
            state.appended += chunk
          this.call.system.close(fd)
          break
        }
        case 'w':
          this.toFile(command.text, space)
          break
        case 'y':
          space = [...space].map((char) => command.text[command.pattern!.indexOf(char)] ?? char).join('')
          break
        case 's': {
          const result = this.substitute(command, space)
          if (result === undefined) break
          substituted = true
          space = result
          if (command.flags!.includes('p')) this.print(space)
          if (command.file !== undefined) this.toFile(command.file, space)
        }
      }
    }
    cycleEnd()
  }

  private toFile(path: string, space: string): void {
    if (path === '/dev/stdout') this.put(`${space}\n`)
    else if (path === '/dev/stderr') this.call.err(`${space}\n`)
    else
      this.state.outputs[path] = `${Object.hasOwn(this.state.outputs, path) ? this.state.outputs[path]! : ''}${space}\n`
  }

  private compiled(pattern: string, ignore: boolean): Regex {
    if (pattern !== '') this.state.pattern = pattern
    return regex(this.state.pattern, this.state.extended, ignore)
  }

  private substitute({ pattern, flags, text }: Command, space: string): string | undefined {
    const compiled = this.compiled(pattern!, /[iI]/.test(flags!))
    const nth = Number(/\d+/.exec(flags!)?.[0] ?? 1)
    const all = flags!.includes('g')
    let out = ''
    let from = 0
    let count = 0
    let done = false
    for (let at = 0; at <= space.length;) {
      const found = compiled.exec(space, at, at > 0)
      if (!found) break
      const [start, end] = [found[0]!, found[1]!]
      // An empty match right behind another one is none.
      if (start === end && start === from && count > 0 && at === start && from > 0) {
        at = start + 1
        continue
      }
      count++
      if (count >= nth) {
        out += space.slice(from, start) + replacement(text, space, found)
        from = end
        done = true
        if (!all) break
      }
      at = end > start ? end : end + 1
    }
    return done ? out + space.slice(from) : undefined
  }

  private applies({ first, second, negated }: Command, index: number, space: string, isLast: boolean): boolean {
    if (!first) return true
    const { number, ranges } = this.state
    if (!second) return this.matches(first, space, isLast) !== negated
    let inside = false
    if (Object.hasOwn(ranges, index)) {
      inside = true
      const end = ranges[index]!
      if (end > 0 ? number >= end : this.matches(second, space, isLast)) delete ranges[index]
      // A line number that is behind ends the range before this line.
      if (second.type === 'line' && end > 0 && number > end) inside = this.matches(first, space, isLast)
    } else if (this.matches(first, space, isLast)) {
      inside = true
      const end =
        second.type === 'line'
          ? second.line
          : second.type === 'plus'
            ? number + second.count
            : second.type === 'multiple'
              ? Math.ceil(number / (second.count || 1)) * (second.count || 1)
              : 0
      if (end > 0 ? end > number : second.type === 'match' || (second.type === 'last' && !isLast)) ranges[index] = end
    }
    return inside !== negated
  }

  private matches(address: Address, space: string, isLast: boolean): boolean {
    switch (address.type) {
      case 'line':
        return this.state.number === address.line
      case 'last':
        return isLast
      case 'step':
        return address.step === 0
          ? this.state.number === address.first
          : this.state.number >= address.first && (this.state.number - address.first) % address.step === 0
      case 'match':
        return this.compiled(address.pattern, address.ignore).exec(space) !== undefined
      default:
        return false
    }
  }
}

/** What replaces a match: groups, `&`, and cases (\U \L \E \u \l). */
function replacement(text: string, space: string, found: Found): string {
  let out = ''
  let mode = ''
  let once = ''
  const put = (part: string) => {
    let shown = mode === 'U' ? part.toUpperCase() : mode === 'L' ? part.toLowerCase() : part
    if (once !== '' && shown !== '') {
      shown = (once === 'u' ? shown[0]!.toUpperCase() : shown[0]!.toLowerCase()) + shown.slice(1)
      once = ''
    }
    out += shown
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '&') put(space.slice(found[0], found[1]))
    else if (char !== '\\' || at + 1 >= text.length) put(char)
    else {
      const next = text[++at]!
      if (/\d/.test(next)) {
        const group = Number(next) * 2
        if ((found[group] ?? -1) >= 0) put(space.slice(found[group], found[group + 1]))
      } else if (next === 'n') put('\n')
      else if (next === 't') put('\t')
      else if ('ULE'.includes(next)) mode = next === 'E' ? '' : next
      else if ('ul'.includes(next)) once = next
      else put(next)
    }
  }
  return out
}
