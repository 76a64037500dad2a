import { badRequest } from '../../../machinery/errors.ts'
import type { Query } from './messages.ts'

const units = /^(ns|us|µs|μs|ms|s|m|h)/

/** Checks `timeout=32s`, which may stand anywhere; 400 in Go's words for what is no duration. */
export function checkTimeout(query: Query): void {
  const value = query.get('timeout')
  const problem = value === '' ? undefined : durationProblem(value)
  if (problem) throw badRequest(`invalid timeout specified in the request URL - time: ${problem}`)
}

/** Upstream: time.ParseDuration. */
function durationProblem(text: string): string | undefined {
  const invalid = `invalid duration ${JSON.stringify(text)}`
  let rest = text.replace(/^[-+]/, '')
  if (rest === '0') return undefined
  if (rest === '') return invalid
  while (rest !== '') {
    const number = /^(\d+(\.\d*)?|\.\d+)/.exec(rest)
    if (!number) return invalid
    rest = rest.slice(number[0].length)
    const unit = /^[^.\d]*/.exec(rest)![0]
    if (unit === '') return `missing unit in duration ${JSON.stringify(text)}`
    const known = units.exec(unit)
    if (!known || known[0] !== unit) return `unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`
    rest = rest.slice(unit.length)
  }
  return undefined
}
