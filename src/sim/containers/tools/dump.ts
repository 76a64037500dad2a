import { isFailure } from '../kernel/walk.ts'
import { wholeTool } from './line-tool.ts'
import { errorText } from './errors.ts'
import { sizeOf } from './options.ts'
import { type Body, tools } from './tool.ts'

const octal = (value: number, width: number) => value.toString(8).padStart(width, '0')
const hex = (value: number, width: number) => value.toString(16).padStart(width, '0')
const word = (row: string, at: number, bytes: number) => {
  let value = 0
  for (let index = bytes - 1; index >= 0; index--) value = value * 256 + (row.charCodeAt(at + index) || 0)
  return value
}
const shown: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
}

const od = wholeTool<{
  text: string
  opened?: true
  base: string
  format: string
  all: boolean
  most: number
  skip: number
}>(
  'abcdeFfhiloxA:t:vN:j:w:',
  (_call, _paths, given) => ({
    text: '',
    base: given.get('A') ?? 'o',
    format:
      given.get('t') ??
      (given.has('c')
        ? 'c'
        : given.has('x') || given.has('h')
          ? 'x2'
          : given.has('b')
            ? 'o1'
            : given.has('d')
              ? 'u2'
              : 'o2'),
    all: given.has('v'),
    most: Number(given.get('N') ?? Number.MAX_SAFE_INTEGER),
    skip: Number(given.get('j') ?? 0),
  }),
  (call, { text: whole, opened, base, format, all, most, skip }) => {
    if (!opened) return 1
    const text = whole.slice(skip, skip + most)
    const kind = format[0]!
    const size = Number(/\d+/.exec(format)?.[0] ?? (kind === 'c' || kind === 'a' ? 1 : 4)) || 1
    const address = (at: number) =>
      base === 'n' ? '' : base === 'x' ? hex(at, 6) : base === 'd' ? String(at).padStart(7, '0') : octal(at, 7)
    const width =
      kind === 'c' || kind === 'a'
        ? 3
        : kind === 'x'
          ? size * 2
          : kind === 'o'
            ? ({ 1: 3, 2: 6, 4: 11, 8: 22 }[size as 1] ?? 6)
            : ({ 1: 3, 2: 5, 4: 10, 8: 20 }[size as 1] ?? 5)
    let before: string | undefined
    let starred = false
    for (let at = 0; at < text.length; at += 16) {
      const row = text.slice(at, at + 16)
      if (row === before && !all && at + 16 < text.length) {
        if (!starred) call.out('*\n')
        starred = true
        continue
      }
      starred = false
      before = row
      let line = address(at)
      for (let index = 0; index < row.length; index += size) {
        const char = row[index]!
        const cell =
          kind === 'c' || kind === 'a'
            ? (shown[char] ?? (/[ -~]/.test(char) ? char : octal(char.charCodeAt(0), 3)))
            : kind === 'x'
              ? hex(word(row, index, size), width)
              : kind === 'o'
                ? octal(word(row, index, size), width)
                : String(word(row, index, size))
        line += ` ${cell.padStart(width)}`
      }
      call.out(`${line}\n`)
    }
    if (base !== 'n') call.out(`${address(text.length)}\n`)
    return 0
  },
  true,
)

const hexdump = wholeTool<{ text: string; canonical: boolean; most: number; all: boolean }>(
  'bcdoxCvn:s:e:',
  (_call, _paths, given) => ({
    text: '',
    canonical: given.has('C'),
    most: Number(given.get('n') ?? Number.MAX_SAFE_INTEGER),
    all: given.has('v'),
  }),
  (call, { text: whole, canonical, most, all }) => {
    const text = whole.slice(0, most)
    const width = canonical ? 8 : 7
    let before: string | undefined
    let starred = false
    for (let at = 0; at < text.length; at += 16) {
      const row = text.slice(at, at + 16)
      if (row === before && !all && row.length === 16) {
        if (!starred) call.out('*\n')
        starred = true
        continue
      }
      starred = false
      before = row
      if (canonical) {
        const cells = [...row].map((char) => hex(char.charCodeAt(0), 2))
        const left = `${cells.slice(0, 8).join(' ').padEnd(23)}  ${cells.slice(8).join(' ').padEnd(23)}`
        call.out(`${hex(at, 8)}  ${left}  |${row.replace(/[^ -~]/g, '.')}|\n`)
      } else {
        const cells: string[] = []
        for (let index = 0; index < row.length; index += 2) cells.push(hex(word(row, index, 2), 4))
        call.out(`${hex(at, 7)} ${cells.join(' ').padEnd(39)}\n`)
      }
    }
    if (text.length > 0) call.out(`${hex(text.length, width)}\n`)
    return 0
  },
)

const xxd = wholeTool<{ text: string; plain: boolean; reverse: boolean }>(
  'prug:c:l:s:',
  (_call, _paths, given) => ({ text: '', plain: given.has('p'), reverse: given.has('r') }),
  (call, { text, plain, reverse }) => {
    if (reverse) {
      call.out(
        (
          text
            .replace(/^[0-9a-f]+: /gm, '')
            .replace(/ {2}.*$/gm, '')
            .replace(/\s/g, '')
            .match(/../g) ?? []
        )
          .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
          .join(''),
      )
      return 0
    }
    const size = plain ? 30 : 16
    for (let at = 0; at < text.length; at += size) {
      const row = text.slice(at, at + size)
      const cells = [...row].map((char) => hex(char.charCodeAt(0), 2)).join('')
      call.out(
        plain
          ? `${cells}\n`
          : `${hex(at, 8)}: ${(cells.match(/.{1,4}/g) ?? []).join(' ').padEnd(40)} ${row.replace(/[^ -~]/g, '.')}\n`,
      )
    }
    return 0
  },
)

const strings = wholeTool<{ text: string; least: number }>(
  'afon:t:',
  (_call, _paths, given) => ({ text: '', least: Number(given.get('n') ?? 4) }),
  (call, { text, least }) => {
    for (const part of text.split(/[^\t -~]+/)) if (part.length >= least) call.out(`${part}\n`)
    return 0
  },
)

interface Copying {
  in: number
  out: number
  size: number
  left: number
  full: number
  partial: number
  text: string
  bytes: number
  quiet: boolean
  began: number
  bad?: number
}

const dd: Body = (call) => {
  const { system } = call
  const data = call.data<Copying>(() => {
    const begun: Copying = {
      in: 0,
      out: 1,
      size: 512,
      left: Number.MAX_SAFE_INTEGER,
      full: 0,
      partial: 0,
      text: '',
      bytes: 0,
      quiet: false,
      began: system.now(),
    }
    const given: Record<string, string> = {}
    for (const arg of call.args) {
      const [name, value] = [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]
      if (!/^(if|of|bs|ibs|obs|count|skip|seek|conv|status|iflag|oflag)$/.test(name)) {
        call.usage('[if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N]')
        return { ...begun, bad: 1 }
      }
      given[name] = value
    }
    for (const name of ['bs', 'ibs', 'count', 'skip', 'seek'])
      if (given[name] !== undefined && sizeOf(given[name]) === undefined) {
        call.say(`invalid number '${given[name]}'`)
        return { ...begun, bad: 1 }
      }
    begun.size = Math.min(sizeOf(given['bs'] ?? given['ibs'] ?? '512')!, 1 << 26) || 512
    if (given['count'] !== undefined) begun.left = sizeOf(given['count'])!
    begun.quiet = given['status'] === 'none'
    if (given['if'] !== undefined) {
      const fd = system.open(given['if'], { read: true })
      if (isFailure(fd)) {
        call.say(`can't open '${given['if']}': ${errorText(fd)}`)
        return { ...begun, bad: 1 }
      }
      begun.in = fd
      for (let skip = Number(given['skip'] ?? 0) * begun.size; skip > 0;) {
        const chunk = system.read(fd, Math.min(skip, 65536))
        if (typeof chunk !== 'string' || chunk === '') break
        skip -= chunk.length
      }
    }
    if (given['of'] !== undefined) {
      const keeps = given['conv']?.includes('notrunc') ?? false
      const fd = system.open(given['of'], {
        write: true,
        create: true,
        ...(!keeps && !given['seek'] && { truncate: true }),
        ...(given['seek'] && { append: true }),
      })
      if (isFailure(fd)) {
        call.say(`can't open '${given['of']}': ${errorText(fd)}`)
        return { ...begun, bad: 1 }
      }
      begun.out = fd
    }
    return begun
  })
  if (data.bad) return data.bad
  const end = (code: number) => {
    if (!data.quiet) {
      const seconds = Math.max(0.001, (system.now() - data.began) / 1000)
      const human =
        data.bytes >= 1 << 20
          ? `${(data.bytes / (1 << 20)).toFixed(1)}MB`
          : data.bytes >= 1024
            ? `${(data.bytes / 1024).toFixed(1)}KB`
            : `${data.bytes}B`
      const speed = data.bytes / seconds
      call.err(
        `${data.full}+${data.partial} records in\n${data.full}+${data.partial} records out\n${data.bytes} bytes (${human}) copied, ${seconds.toFixed(6)} seconds, ${speed >= 1 << 20 ? `${(speed / (1 << 20)).toFixed(1)}MB` : speed >= 1024 ? `${(speed / 1024).toFixed(1)}KB` : `${Math.floor(speed)}B`}/s\n`,
      )
    }
    return code
  }
  const put = (text: string): number | undefined => {
    if (text === '') return undefined
    if (data.out === 1) {
      call.out(text)
      return undefined
    }
    const written = system.write(data.out, text)
    if (!isFailure(written)) return undefined
    call.say(`error writing: ${errorText(written)}`)
    return end(1)
  }
  while (data.left > 0) {
    const chunk = system.read(data.in, Math.min(65536, data.size - (data.text.length % data.size)))
    if (chunk === '') return { for: 'readable', fd: data.in }
    if (isFailure(chunk)) {
      call.say(`error reading: ${errorText(chunk)}`)
      return end(1)
    }
    if (chunk === undefined) {
      if (data.text !== '') data.partial++
      data.text = ''
      break
    }
    data.bytes += chunk.length
    data.text += chunk
    const failed = put(chunk)
    if (failed !== undefined) return failed
    if (data.text.length >= data.size) {
      data.full++
      data.left--
      data.text = ''
    }
    const stuck = call.flush()
    if (stuck) return stuck
    if (call.ended !== undefined || !system.spend(1)) return 'again'
  }
  return end(0)
}

/** Tools that show bytes, and dd. */
export const dumpTools = tools({ od, hexdump, hd: hexdump, xxd, strings, dd })
