import { isFailure } from '../kernel/walk.ts'
import { readFile } from './inputs.ts'
import { found, isAddress, resolver } from './names.ts'
import { type Body, type Call, tools } from './tool.ts'

const linesOf = (call: Call, database: string): string[] =>
  isFailure(call.system.status(`/etc/${database}`))
    ? []
    : (readFile(call, `/etc/${database}`) ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'))

/** A host's addresses and names: what the machine's own file says, or the cluster's DNS. */
function hostNamed(call: Call, key: string): { readonly addresses: readonly string[]; readonly names: string[] } {
  const known = linesOf(call, 'hosts')
    .map((line) => line.trim().split(/\s+/))
    .find((words) => words.includes(key) && !words[0]!.includes(':'))
  if (known) return { addresses: [known[0]!], names: known.slice(1) }
  const answer = isAddress(key) ? undefined : found(call.system, key, resolver(call).search)
  return { addresses: answer?.addresses ?? [], names: answer ? [answer.full.replace(/\.$/, '')] : [] }
}

/** One host as glibc's getent shows it, and as musl's does, which tells the name that was asked for as well. */
function hostLine(call: Call, key: string, address: string, names: readonly string[]): string {
  if (isFailure(call.system.status('/etc/alpine-release'))) return `${address.padEnd(15)} ${names.join(' ')}\n`
  const all = new Set([names[0]!, ...(isAddress(key) ? [] : [key])])
  return `${address.padEnd(16)}  ${names[0]}  ${[...all].join(' ')}\n`
}

const getent: Body = (call) => {
  const [database, ...keys] = call.args
  if (database === undefined) return call.usage('database [key...]')
  let code = 0
  if (database === 'hosts' && keys.length === 0)
    for (const line of linesOf(call, 'hosts')) {
      const [address = '', ...names] = line.trim().split(/\s+/)
      call.out(hostLine(call, address, address, names))
    }
  else if (database === 'hosts')
    for (const key of keys) {
      const { addresses, names } = hostNamed(call, key)
      if (addresses.length === 0) code = 2
      for (const address of addresses) call.out(hostLine(call, key, address, names))
    }
  else if (database === 'ahosts' || database === 'ahostsv4')
    for (const key of keys) {
      const { addresses, names } = isAddress(key) ? { addresses: [key], names: [key] } : hostNamed(call, key)
      if (addresses.length === 0) code = 2
      for (const [at, address] of addresses.entries())
        for (const type of ['STREAM', 'DGRAM', 'RAW'])
          call.out(
            `${address.padEnd(15)} ${type.padEnd(6)} ${at === 0 && type === 'STREAM' ? (names[0] ?? key) : ''}\n`,
          )
    }
  else {
    const lines = linesOf(call, database)
    if (keys.length === 0) for (const line of lines) call.out(`${line}\n`)
    for (const key of keys) {
      const line = lines.find((one) => one.split(':')[0] === key || one.split(':')[2] === key)
      if (line) call.out(`${line}\n`)
      else code = 2
    }
  }
  return code
}

/** What asks the machine's databases. */
export const getentTools = tools({ getent })
