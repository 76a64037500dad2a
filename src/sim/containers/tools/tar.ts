import { isFailure } from '../kernel/walk.ts'
import { formatDate } from './date-format.ts'
import { packed, unpacked } from './gzip.ts'
import { inputsOf, type Inputs, readFile, readInputs, writeFile } from './inputs.ts'
import { namesOf } from './list.ts'
import { options } from './options.ts'
import { archiveEnd, entriesOf, type Entry, entryText } from './tar-format.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Asked {
  readonly how: 'c' | 'x' | 't'
  readonly file: string
  readonly packed: boolean
  readonly verbose: boolean
  readonly show: boolean
  readonly keepTime: boolean
  readonly follow: boolean
  readonly strip: number
  readonly exclude: readonly string[]
  readonly directory?: string
  readonly paths: readonly string[]
}

const long = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  file: 'f',
  gzip: 'z',
  verbose: 'v',
  directory: 'C',
  'strip-components': '1',
  exclude: '2',
  touch: 'm',
  'same-permissions': 'p',
  'preserve-permissions': 'p',
  'no-same-permissions': 'p',
  'no-same-owner': 'o',
  'same-owner': 'o',
  'numeric-owner': 'o',
  'to-stdout': 'O',
  warning: '3',
  overwrite: 'o',
  dereference: 'h',
  'exclude-from': 'X',
}

/** `tar cf x`: the first word's letters are options, whose values follow it in their order. */
function dashed(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args
  if (first === undefined || first.startsWith('-')) return args
  const values = [...rest]
  const found = [...first].flatMap((letter) =>
    'fCXT'.includes(letter) ? [`-${letter}`, values.shift() ?? ''] : [`-${letter}`],
  )
  return [...found, ...values]
}

function asked(call: Call): Asked | { readonly bad: number } {
  const given = options(call, 'cxtf:zvC:mpohkOaJjX:T:1:2:3:', long, dashed(call.args))
  if (!given) return { bad: 1 }
  const how = (['c', 'x', 't'] as const).find((one) => given.has(one))
  if (!how) return { bad: call.usage('c|x|t [-zvOh] [-f TARFILE] [-C DIR] [FILE]...') }
  return {
    how,
    file: given.get('f') ?? '-',
    packed: given.has('z') || (given.has('a') && given.get('f')?.endsWith('gz') === true),
    verbose: given.has('v'),
    show: given.has('O'),
    keepTime: !given.has('m'),
    follow: given.has('h'),
    strip: Number(given.get('1') ?? 0),
    exclude: given.all('2'),
    ...(given.has('C') && { directory: given.get('C')! }),
    paths: given.rest,
  }
}

const tar: Body = (call) => {
  const data = call.data<{ asked: Asked | { bad: number }; inputs: Inputs; text: string }>(() => ({
    asked: asked(call),
    inputs: inputsOf([]),
    text: '',
  }))
  if ('bad' in data.asked) return data.asked.bad
  const wanted = data.asked
  if (wanted.how === 'c') return create(call, wanted)
  if (wanted.file === '-') {
    const wait = readInputs(call, data.inputs, {
      text: (chunk) => {
        data.text += chunk
      },
    })
    if (wait) return wait
  } else {
    const status = call.system.status(wanted.file)
    if (isFailure(status)) {
      call.say(`can't open '${wanted.file}': No such file or directory`)
      return 1
    }
    data.text = readFile(call, wanted.file) ?? ''
  }
  const text = data.text.startsWith('\x1f\x8b') ? unpacked(data.text) : data.text
  data.text = ''
  const entries = text === undefined ? undefined : entriesOf(text)
  if (!entries || text!.length < 512) {
    call.say(text && text.length >= 512 ? 'invalid tar magic' : 'short read')
    return 1
  }
  return each(call, wanted, entries)
}

function create(call: Call, wanted: Asked): number {
  const { system } = call
  if (wanted.paths.length === 0) {
    call.say('empty archive')
    return 1
  }
  let text = ''
  let code = 0
  let told = false
  const base = wanted.directory === undefined ? '' : `${wanted.directory}/`
  const add = (path: string, depth: number): void => {
    const real = path.startsWith('/') ? path : base + path
    const status = system.status(real, { follow: wanted.follow })
    if (isFailure(status)) {
      code = call.complain(path, status)
      return
    }
    if (
      status.type === 'device' ||
      depth > 60 ||
      wanted.exclude.some((one) => path === one || path.endsWith(`/${one}`))
    )
      return
    if (path.startsWith('/') && !told) {
      told = true
      call.say("removing leading '/' from member names")
    }
    const name = path.replace(/^\/+/, '') || '.'
    const target = status.type === 'link' ? system.readLink(real) : undefined
    const directory = status.type === 'directory'
    if (wanted.verbose) (wanted.file === '-' ? call.err : call.out).call(call, `${name}${directory ? '/' : ''}\n`)
    text += entryText({
      name: directory ? `${name.replace(/\/$/, '')}/` : name,
      type: status.type,
      mode: status.mode,
      uid: status.uid,
      gid: status.gid,
      mtime: Math.floor(status.mtime / 1000),
      data: status.type === 'file' ? (readFile(call, real) ?? '') : '',
      ...(typeof target === 'string' && { target }),
    })
    if (!directory) return
    const names = system.list(real)
    for (const one of isFailure(names) ? [] : [...names].sort()) add(`${path.replace(/\/$/, '')}/${one}`, depth + 1)
  }
  for (const path of wanted.paths) add(path, 0)
  text += archiveEnd
  const whole = wanted.packed ? packed(text) : text
  if (wanted.file === '-') call.out(whole)
  else if (!writeFile(call, wanted.file, whole)) return 1
  if (code !== 0) call.say('error exit delayed from previous errors')
  return code
}

const isWanted = (name: string, { paths, exclude }: Asked) => {
  const plain = name.replace(/\/$/, '')
  const under = (one: string) => plain === one.replace(/\/$/, '') || plain.startsWith(`${one.replace(/\/$/, '')}/`)
  return (paths.length === 0 || paths.some(under)) && !exclude.some((one) => under(one) || plain.endsWith(`/${one}`))
}

function each(call: Call, wanted: Asked, entries: readonly Entry[]): number {
  let code = 0
  for (const entry of entries) {
    if (!isWanted(entry.name, wanted)) continue
    if (wanted.how === 't') {
      call.out(
        `${wanted.verbose ? listed(call, entry) : ''}${entry.name}${wanted.verbose && entry.type === 'link' ? ` -> ${entry.target}` : ''}\n`,
      )
      continue
    }
    if (wanted.verbose) call.out(`${entry.name}\n`)
    if (wanted.show) {
      if (entry.type === 'file') call.out(entry.data)
      continue
    }
    // Nothing is put outside of the directory.
    const names = entry.name
      .split('/')
      .filter((one) => one !== '' && one !== '.' && one !== '..')
      .slice(wanted.strip)
    if (names.length > 0 && !extract(call, wanted, entry, names)) code = 1
  }
  for (const path of wanted.paths)
    if (!entries.some(({ name }) => isWanted(name, { ...wanted, paths: [path] }))) {
      call.say(`${path}: not found in archive`)
      code = 1
    }
  return code
}

function listed(call: Call, { type, mode, uid, gid, data, mtime }: Entry): string {
  const letters = [8, 7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (mode & (1 << bit) ? 'xwr'[bit % 3] : '-')).join('')
  const name = (file: '/etc/passwd' | '/etc/group', id: number) => namesOf(call, file).get(id) ?? String(id)
  return `${type === 'directory' ? 'd' : type === 'link' ? 'l' : '-'}${letters} ${name('/etc/passwd', uid)}/${name('/etc/group', gid)} ${String(data.length).padStart(9)} ${formatDate('%Y-%m-%d %H:%M:%S', mtime * 1000)} `
}

function extract(call: Call, wanted: Asked, entry: Entry, names: readonly string[]): boolean {
  const { system } = call
  const base = wanted.directory === undefined ? '' : `${wanted.directory}/`
  if (wanted.directory !== undefined && isFailure(system.status(wanted.directory))) {
    call.say(`can't change directory to '${wanted.directory}': No such file or directory`)
    return false
  }
  let path = base
  for (const [index, name] of names.entries()) {
    path += index === 0 ? name : `/${name}`
    const isLast = index === names.length - 1
    if (isLast && entry.type !== 'directory') break
    const known = system.status(path)
    const failure = isFailure(known) ? system.makeDirectory(path, isLast ? entry.mode : 0o755) : undefined
    if (failure) return call.tried(`can't make dir ${path}`, failure)
  }
  if (entry.type === 'link') {
    system.remove(path)
    return call.tried(`can't create symlink '${path}' to '${entry.target}'`, system.link(entry.target ?? '', path))
  }
  if (entry.type === 'file') {
    const data = entry.target === undefined ? entry.data : (readFile(call, base + entry.target) ?? '')
    system.remove(path)
    if (!writeFile(call, path, data, entry.mode)) return false
  }
  system.change(path, { mode: entry.mode, ...(wanted.keepTime && { mtime: entry.mtime * 1000 }) })
  if (system.process.uid === 0) system.change(path, { uid: entry.uid, gid: entry.gid })
  return true
}

/** tar, with and without gzip: what `kubectl cp` runs. */
export const tarTools = tools({ tar })
