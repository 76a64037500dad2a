import { regex, type Regex } from './regex.ts'
import { toNumber, toText, type Value } from './awk-values.ts'

/** An array's keys stand behind a colon, so that none of them can be taken for what objects have. */
export type AwkArray = Record<string, Value | null>

/** What a program remembers between records: plain data. */
export interface AwkState {
  globals: Record<string, Value | null>
  arrays: Record<string, AwkArray>
  record: string
  /** Fields, when the record has been split. */
  fields?: string[]
  ranges: number[]
  /** Files that it reads: the rest of each. */
  files: Record<string, string>
  /** Commands that it reads, and what it has printed into others. */
  commands: Record<string, string>
  pipes: Record<string, string>
  /** Files that it has begun to write. */
  written: Record<string, true>
  seed: number
  exit: number
}

/** The record that is dealt with, its fields, and the variables that go with them. */
export class AwkRecord {
  readonly state: AwkState

  constructor(state: AwkState) {
    this.state = state
  }

  global(name: string): Value {
    if (name === 'NF') this.split()
    return Object.hasOwn(this.state.globals, name) ? (this.state.globals[name] ?? undefined) : undefined
  }

  setGlobal(name: string, value: Value): void {
    if (name === 'NF') {
      const fields = this.split()
      const count = Math.max(0, Math.min(10_000, Math.trunc(toNumber(value))))
      while (fields.length < count) fields.push('')
      fields.length = count
      this.join()
    }
    if (name !== '__proto__') this.state.globals[name] = value ?? null
  }

  text(name: string): string {
    return toText(this.global(name))
  }

  show(value: Value): string {
    return typeof value === 'number' && !Number.isInteger(value)
      ? toText(value, this.text('CONVFMT') || '%.6g')
      : toText(value)
  }

  setRecord(record: string): void {
    this.state.record = record
    delete this.state.fields
  }

  split(): string[] {
    const { state } = this
    if (!state.fields) {
      state.fields = this.parts(state.record, this.text('FS'))
      state.globals['NF'] = state.fields.length
    }
    return state.fields
  }

  /** A text taken apart as records are. */
  parts(text: string, separator: string): string[] {
    if (text === '') return []
    if (separator === ' ') return text.split(/[ \t\n]+/).filter((part) => part !== '')
    if (separator === '') return [...text]
    if (separator === '\t' || (separator.length === 1 && !/[\\^$.|?*+()[\]{}]/.test(separator)))
      return this.text('RS') === '' ? text.split(separator).flatMap((one) => one.split('\n')) : text.split(separator)
    if (separator.length === 1) return text.split(separator)
    const pattern = this.compiled(separator)
    const found: string[] = []
    let from = 0
    for (let at = 0; at <= text.length;) {
      const match = pattern.exec(text, at, at > 0)
      if (!match) break
      if (match[1] === match[0]) {
        at = match[1]! + 1
        continue
      }
      found.push(text.slice(from, match[0]))
      at = from = match[1]!
    }
    return [...found, text.slice(from)]
  }

  protected join(): void {
    this.state.record = this.split().join(this.text('OFS'))
    this.state.globals['NF'] = this.state.fields!.length
  }

  compiled(source: string): Regex {
    return regex(source, true)
  }
}
