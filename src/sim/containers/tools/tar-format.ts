/** What an archive holds: the parts of a file that it keeps. */
export interface Entry {
  readonly name: string
  readonly type: 'file' | 'directory' | 'link'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Seconds since the epoch. */
  readonly mtime: number
  readonly data: string
  /** Where a link leads; of a file, that it is the same as another (a hard link). */
  readonly target?: string
}

const block = 512
const padded = (text: string) => text + '\0'.repeat((block - (text.length % block)) % block)
const field = (text: string, width: number) => text.slice(0, width).padEnd(width, '\0')
const octal = (value: number, width: number) =>
  `${Math.max(0, value)
    .toString(8)
    .padStart(width - 1, '0')}\0`
const kinds = { file: '0', directory: '5', link: '2' }

function header(name: string, kind: string, entry: Entry, size: number): string {
  const before =
    field(name, 100) +
    octal(entry.mode & 0o7777, 8) +
    octal(entry.uid, 8) +
    octal(entry.gid, 8) +
    octal(size, 12) +
    octal(entry.mtime, 12)
  const after =
    kind +
    field(entry.target ?? '', 100) +
    'ustar  \0' +
    field(entry.uid === 0 ? 'root' : '', 32) +
    field(entry.gid === 0 ? 'root' : '', 32)
  const whole = padded(`${before}        ${after}`)
  let sum = 0
  for (let at = 0; at < block; at++) sum += whole.charCodeAt(at)
  return `${before}${sum.toString(8).padStart(6, '0')}\0 ${whole.slice(156)}`
}

/** An entry as it stands in an archive; names that are too long for it go before it, as GNU's tar does. */
export function entryText(entry: Entry): string {
  const long =
    entry.name.length > 100
      ? header('././@LongLink', 'L', { ...entry, target: '' }, entry.name.length + 1) + padded(`${entry.name}\0`)
      : ''
  return (
    long +
    header(entry.name, kinds[entry.type], entry, entry.type === 'file' ? entry.data.length : 0) +
    padded(entry.type === 'file' ? entry.data : '')
  )
}

/** What ends an archive. */
export const archiveEnd = '\0'.repeat(2 * block)

/** The entries of an archive; undefined when it is none. */
export function entriesOf(text: string): Entry[] | undefined {
  const entries: Entry[] = []
  let longName: string | undefined
  let longTarget: string | undefined
  for (let at = 0; at + block <= text.length;) {
    if (text[at] === '\0') break
    const part = (from: number, width: number) => text.slice(at + from, at + from + width).replace(/\0[^]*$/, '')
    const number = (from: number, width: number) => Number.parseInt(part(from, width).trim(), 8) || 0
    if (!part(257, 5).startsWith('ustar') && number(148, 8) === 0) return undefined
    const size = number(124, 12)
    const data = text.slice(at + block, at + block + size)
    const kind = text[at + 156]!
    const prefix = part(257, 8).startsWith('ustar ') ? '' : part(345, 155)
    const name = longName ?? (prefix === '' ? part(0, 100) : `${prefix}/${part(0, 100)}`)
    const target = longTarget ?? part(157, 100)
    at += block + Math.ceil(size / block) * block
    if (kind === 'L') longName = data.replace(/\0[^]*$/, '')
    else if (kind === 'K') longTarget = data.replace(/\0[^]*$/, '')
    else if (kind === 'x') longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data)?.[1]
    else {
      const from = at - block - Math.ceil(size / block) * block
      const value = (offset: number, width: number) =>
        Number.parseInt(text.slice(from + offset, from + offset + width), 8) || 0
      const type = kind === '5' || (kind !== '2' && name.endsWith('/')) ? 'directory' : kind === '2' ? 'link' : 'file'
      if (kind !== 'g')
        entries.push({
          name,
          type,
          mode: value(100, 7),
          uid: value(108, 7),
          gid: value(116, 7),
          mtime: value(136, 11),
          data,
          ...((kind === '1' || kind === '2') && { target }),
        })
      longName = undefined
      longTarget = undefined
    }
  }
  return entries
}
