import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { readFile } from './inputs.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

/** What /etc/resolv.conf says. */
export function resolver(call: Call): { readonly server: string; readonly search: readonly string[] } {
  const text = isFailure(call.system.status('/etc/resolv.conf')) ? '' : (readFile(call, '/etc/resolv.conf') ?? '')
  return {
    server: /^nameserver\s+(\S+)/m.exec(text)?.[1] ?? '127.0.0.1',
    search: /^search\s+(.+)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [],
  }
}

/** A name's addresses, and the full name that has them. */
export function found(
  system: System,
  name: string,
  search: readonly string[],
): { readonly full: string; readonly addresses: readonly string[] } | undefined {
  for (const full of [...(name.endsWith('.') ? [] : search.map((one) => `${name}.${one}`)), name.replace(/\.$/, '')]) {
    const addresses = system.lookUp(`${full}.`)
    if (addresses.length > 0) return { full, addresses }
  }
  const addresses = system.lookUp(name)
  return addresses.length > 0 ? { full: name, addresses } : undefined
}

/** Is it four numbers? */
export const isAddress = (name: string) => /^\d+\.\d+\.\d+\.\d+$/.test(name)
const reversed = (name: string) => `${name.split('.').reverse().join('.')}.in-addr.arpa`

const nslookup: Body = (call) => {
  const names = call.args.filter((arg) => !arg.startsWith('-'))
  const [name, other] = names
  if (name === undefined) return call.usage('[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]')
  const { server, search } = resolver(call)
  const asked = other === undefined ? server : (call.system.lookUp(other)[0] ?? other)
  call.out(`Server:\t\t${asked}\nAddress:\t${asked}:53\n\n`)
  const known = isAddress(name) ? undefined : found(call.system, name, search)
  if (!known) {
    const full = isAddress(name)
      ? reversed(name)
      : name.includes('.') || search.length === 0
        ? name
        : `${name}.${search[0]}`
    call.out(`** server can't find ${full}: NXDOMAIN\n\n`)
    return 1
  }
  for (const address of known.addresses) call.out(`Name:\t${known.full}\nAddress: ${address}\n`)
  call.out('\n')
  return 0
}

const host: Body = (call) => {
  const given = options(call, 't:4aW:v')
  const name = given?.rest[0]
  if (name === undefined) return call.usage('NAME')
  const known = found(call.system, name, resolver(call).search)
  if (!known || isAddress(name)) {
    call.out(`Host ${isAddress(name) ? `${reversed(name)}.` : name} not found: 3(NXDOMAIN)\n`)
    return 1
  }
  for (const address of known.addresses) call.out(`${known.full} has address ${address}\n`)
  return 0
}

const dig: Body = (call) => {
  const words = call.args.filter((arg) => !/^[-@+]/.test(arg) && !/^(A|AAAA|SRV|TXT|CNAME|ANY|IN|MX|NS)$/i.test(arg))
  const name = words[0] ?? '.'
  const type = call.args.find((arg) => /^(A|AAAA|SRV|TXT|CNAME|ANY|MX|NS)$/i.test(arg))?.toUpperCase() ?? 'A'
  const { server, search } = resolver(call)
  const searches = call.args.includes('+search')
  const known =
    type === 'A' || type === 'ANY'
      ? found(call.system, searches ? name : `${name.replace(/\.$/, '')}.`, search)
      : undefined
  const exists = known ?? found(call.system, `${name.replace(/\.$/, '')}.`, [])
  if (call.args.includes('+short')) {
    for (const address of known?.addresses ?? []) call.out(`${address}\n`)
    return 0
  }
  const full = `${(known?.full ?? name).replace(/\.$/, '')}.`
  const answers = (known?.addresses ?? []).map((address) => `${full}\t\t30\tIN\tA\t${address}\n`)
  call.out(`\n; <<>> DiG 9.18.27 <<>> ${call.args.join(' ')}\n;; global options: +cmd\n;; Got answer:\n`)
  call.out(
    `;; ->>HEADER<<- opcode: QUERY, status: ${exists ? 'NOERROR' : 'NXDOMAIN'}, id: ${call.system.below(65536)}\n`,
  )
  call.out(
    `;; flags: qr aa rd; QUERY: 1, ANSWER: ${answers.length}, AUTHORITY: 0, ADDITIONAL: 1\n\n;; QUESTION SECTION:\n;${full}\t\tIN\t${type}\n`,
  )
  if (answers.length > 0) call.out(`\n;; ANSWER SECTION:\n${answers.join('')}`)
  call.out(`\n;; Query time: 1 msec\n;; SERVER: ${server}#53(${server}) (UDP)\n\n`)
  return 0
}

interface Ping {
  bad?: number
  host: string
  count: number
  everyMs: number
  waitMs: number
  deadline?: number
  quiet: boolean
  address?: string
  sent: number
  times: number[]
  /** When the next is sent, or the answer to the last comes. */
  next: number
  answerAt?: number
}

const ping: Body = (call) => {
  const { system } = call
  const data = call.data<Ping>(() => {
    const given = options(call, '46c:s:i:W:w:qI:t:nAf')
    const seconds = (letter: string, otherwise: number) => (Number(given?.get(letter)) || otherwise) * 1000
    return {
      ...(!given && { bad: 1 }),
      ...(given?.rest.length === 0 && { bad: call.usage('[OPTIONS] HOST') }),
      host: given?.rest[0] ?? '',
      count: Number(given?.get('c') ?? Number.MAX_SAFE_INTEGER),
      everyMs: seconds('i', 1),
      waitMs: seconds('W', 10),
      ...(given?.has('w') && { deadline: system.now() + seconds('w', 1) }),
      quiet: given?.has('q') ?? false,
      sent: 0,
      times: [],
      next: system.now(),
    }
  })
  if (data.bad) return data.bad
  if (system.process.signals.INT !== 'catch') system.handle('INT', 'catch')
  if (data.address === undefined) {
    data.address = system.lookUp(data.host)[0]
    if (data.address === undefined) {
      call.say(`bad address '${data.host}'`)
      return 1
    }
    call.out(`PING ${data.host} (${data.address}): 56 data bytes\n`)
  }
  for (;;) {
    const stopped = system.nextSignal() === 'INT' || (data.deadline !== undefined && system.now() >= data.deadline)
    if (data.answerAt !== undefined && system.now() >= data.answerAt) {
      delete data.answerAt
      if (!data.quiet)
        call.out(
          `64 bytes from ${data.address}: seq=${data.sent - 1} ttl=63 time=${data.times.at(-1)!.toFixed(3)} ms\n`,
        )
    }
    const over =
      data.sent >= data.count &&
      data.answerAt === undefined &&
      (data.times.length >= data.sent || system.now() >= data.next)
    if (stopped || over) return summary(call, data)
    if (system.now() < data.next || data.sent >= data.count)
      return { for: 'time', until: Math.min(data.next, data.answerAt ?? Infinity, data.deadline ?? Infinity) }
    const time =
      data.address === '127.0.0.1' || system.addresses.includes(data.address) ? 0.05 : system.reaches(data.address)
    data.sent++
    if (time !== undefined) {
      data.times.push(Math.max(0.05, time))
      data.answerAt = system.now() + time
    }
    data.next = system.now() + (data.sent >= data.count && time === undefined ? data.waitMs : data.everyMs)
  }
}

function summary(call: Call, { host: name, sent, times }: Ping): number {
  const lost = sent === 0 ? 0 : Math.round(((sent - times.length) / sent) * 100)
  call.out(
    `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`,
  )
  if (times.length === 0) return 1
  const average = times.reduce((sum, one) => sum + one, 0) / times.length
  call.out(
    `round-trip min/avg/max = ${[Math.min(...times), average, Math.max(...times)].map((one) => one.toFixed(3)).join('/')} ms\n`,
  )
  return 0
}

const traceroute: Body = (call) => {
  const name = call.args.find((arg) => !arg.startsWith('-'))
  if (name === undefined) return call.usage('HOST')
  const address = call.system.lookUp(name)[0]
  if (address === undefined) {
    call.say(`bad address '${name}'`)
    return 1
  }
  call.out(`traceroute to ${name} (${address}), 30 hops max, 46 byte packets\n`)
  const time = call.system.reaches(address)
  for (let hop = 1; hop <= (time === undefined ? 30 : 1); hop++)
    call.out(
      time === undefined
        ? `${String(hop).padStart(2)}  *  *  *\n`
        : ` 1  ${address} (${address})  ${[1, 2, 3].map(() => `${time.toFixed(3)} ms`).join('  ')}\n`,
    )
  return 0
}

/** Tools that ask for names and whether somebody is there. */
export const nameTools = tools({ nslookup, host, dig, ping, ping6: ping, traceroute })
