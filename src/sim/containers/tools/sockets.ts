import type { SocketEntry } from '../kernel/types.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

/** An end of a connection, or where somebody listens, as both tools show it. */
function ends(call: Call, { status, peer, port }: SocketEntry): readonly [[string, string], [string, string]] {
  if (status === 'listening' || !peer)
    return [
      ['0.0.0.0', String(port)],
      ['0.0.0.0', '*'],
    ]
  const own = peer.address.startsWith('127.') ? peer.address : (call.system.addresses[0] ?? '127.0.0.1')
  return [
    [own, String(port)],
    [peer.address, String(peer.port)],
  ]
}

const stateOf = ({ status, ended }: SocketEntry): 'LISTEN' | 'SYN-SENT' | 'CLOSE-WAIT' | 'ESTAB' =>
  status === 'listening' ? 'LISTEN' : status === 'connecting' ? 'SYN-SENT' : ended ? 'CLOSE-WAIT' : 'ESTAB'

/** -l shows who listens, -a everything, and neither what is connected. */
function shown(call: Call, given: { has(letter: string): boolean }): SocketEntry[] {
  const listening = given.has('l') || given.has('a')
  const connected = !given.has('l') || given.has('a')
  // Datagrams are not modelled: what asks only for them is shown none.
  if (!given.has('t') && ['u', 'w', 'x'].some((letter) => given.has(letter))) return []
  return call.system
    .sockets()
    .filter(({ status }) => (status === 'listening' ? listening : connected))
    .sort((a, b) => Number(b.status === 'listening') - Number(a.status === 'listening') || a.port - b.port)
}

const netstat: Body = (call) => {
  const given = options(call, 'laentuwxWp', {
    all: 'a',
    listening: 'l',
    numeric: 'n',
    programs: 'p',
    tcp: 't',
    udp: 'u',
  })
  if (!given) return 1
  const which = given.has('a') ? 'servers and established' : given.has('l') ? 'only servers' : 'w/o servers'
  const only = ['t', 'u', 'w', 'x'].filter((letter) => given.has(letter))
  const column = (text: string) => text.padEnd(23)
  if (only.length === 0 || only.some((letter) => letter !== 'x')) {
    call.out(
      `Active Internet connections (${which})\nProto Recv-Q Send-Q ${column('Local Address')} ` +
        `${column('Foreign Address')} State       ${given.has('p') ? 'PID/Program name    ' : ''}\n`,
    )
    for (const entry of shown(call, given)) {
      const [own, peer] = ends(call, entry).map(([address, port]) => column(`${address}:${port}`))
      const state = stateOf(entry).replace('ESTAB', 'ESTABLISHED').replace('-', '_').padEnd(12)
      const [holder] = entry.holders
      const program = holder ? `${holder.pid}/${holder.name}` : '-'
      call.out(
        `tcp   ${String(entry.queued).padStart(6)} ${'0'.padStart(6)} ${own} ${peer} ${state}` +
          `${given.has('p') ? program : ''}\n`,
      )
    }
  }
  if (only.length === 0 || only.includes('x'))
    call.out(
      `Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node ` +
        `${given.has('p') ? 'PID/Program name    ' : ''}Path\n`,
    )
  return 0
}

const ss: Body = (call) => {
  const given = options(call, 'laentuwxp46iomOHsr', {
    all: 'a',
    listening: 'l',
    numeric: 'n',
    processes: 'p',
    tcp: 't',
    udp: 'u',
    'no-header': 'H',
  })
  if (!given) return 255
  const found = shown(call, given)
  const kinds = !given.has('t')
  const rows = found.map((entry) => {
    const [own, peer] = ends(call, entry)
    const users = entry.holders.map(({ name, pid, fd }) => `("${name}",pid=${pid},fd=${fd})`)
    const process = given.has('p') && users.length > 0 ? ` users:(${users.join(',')})` : ''
    const most = entry.status === 'listening' ? '4096' : '0'
    return ['tcp', stateOf(entry), String(entry.queued), most, ...own, ...peer, process]
  })
  const titles = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address', 'Port', 'Peer Address', 'Port', 'Process']
  const table = given.has('H') ? rows : [titles, ...rows]
  const widths = titles.map((_title, at) => Math.max(0, ...table.map((row) => row[at]!.length)))
  for (const row of table) {
    const cells = row.map((cell, at) => (at === 4 || at === 6 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
    const [netid, state, received, sent, address, port, peer, peerPort, process] = cells
    call.out(
      `${kinds ? `${netid} ` : ''}${state} ${received} ${sent} ${address}:${port} ${peer}:${peerPort}${process}\n`,
    )
  }
  return 0
}

/** Tools that show who listens and who is connected. */
export const socketTools = tools({ netstat, ss })
