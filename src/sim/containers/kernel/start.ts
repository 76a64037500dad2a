import { Files } from './files.ts'
import type { KernelHost } from './host.ts'
import type { Failure, ProcessState, Program } from './types.ts'
import { fail, isFailure, mayUse, nodeOf } from './walk.ts'

/** Which programs there are, by name. */
export interface Programs {
  get(name: string): Program | undefined
}

/** What to run: a program and the arguments it gets. */
interface Executable {
  readonly program: string
  readonly argv: readonly string[]
}

const scriptsAtMost = 4

/** Where a command is: its path, looked up in PATH unless it holds a slash. */
function locate(files: Files, process: ProcessState, name: string, path: string): string | Failure {
  if (name === '') return fail('ENOENT')
  if (name.includes('/')) return name
  let refused: Failure | undefined
  for (const directory of path.split(':')) {
    const candidate = `${directory || '.'}/${name}`
    const way = files.find(candidate)
    if (isFailure(way) || !way.spot) continue
    const node = nodeOf(way.spot)
    if (node.type !== 'file') continue
    if (mayUse(process, node, 1)) return candidate
    refused = fail('EACCES')
  }
  return refused ?? fail('ENOENT')
}

/** What a command line runs: looked up, and read as a program. */
export function commandFor(
  files: Files,
  process: ProcessState,
  { host, programs }: { readonly host: KernelHost; readonly programs: Programs },
  argv: readonly string[],
  path: string,
): Executable | Failure {
  const found = locate(files, process, argv[0] ?? '', path)
  const target = isFailure(found) ? found : executable(files, process, programs, found, argv)
  const unknown = host.unknownProgram
  return isFailure(target) && target.errno === 'ENOENT' && unknown !== undefined ? { program: unknown, argv } : target
}

/** What a file is as a program; a script's first line is honoured. */
function executable(
  files: Files,
  process: ProcessState,
  programs: Programs,
  path: string,
  argv: readonly string[],
): Executable | Failure {
  let file = path
  let args = argv
  for (let depth = 0; depth < scriptsAtMost; depth++) {
    const way = files.find(file)
    if (isFailure(way)) return way
    if (!way.spot) return fail('ENOENT')
    const node = nodeOf(way.spot)
    if (node.type !== 'file' || !mayUse(process, node, 1)) return fail('EACCES')
    if (node.program !== undefined) {
      // One binary with many names, as busybox is, is the program that it is called as.
      const called = node.program === 'busybox' ? (args[0] ?? '').split('/').at(-1)! : node.program
      const program = programs.get(called) ? called : node.program
      return programs.get(program) ? { program, argv: args } : fail('ENOEXEC')
    }
    const first = /^#![ \t]*([^\s]+)[ \t]*([^\n]*)/.exec(node.data.slice(0, 256))
    if (!first) return fail('ENOEXEC')
    const given = first[2]!.trim()
    args = [first[1]!, ...(given ? [given] : []), file, ...args.slice(1)]
    file = first[1]!
  }
  return fail('ELOOP')
}

/** Why a container or an exec session cannot start, in runc's words. */
export function startFailure(
  files: Files,
  process: ProcessState,
  host: KernelHost,
  name: string,
  path: string,
): string | undefined {
  const say = (why: string) => `exec: ${JSON.stringify(name)}: ${why}`
  if (!name.includes('/')) {
    const found = locate(files, process, name, path)
    return isFailure(found) && host.unknownProgram === undefined ? say('executable file not found in $PATH') : undefined
  }
  const way = files.find(name)
  if (isFailure(way) && way.errno === 'ENOTDIR') return say(`stat ${name}: not a directory`)
  if (isFailure(way) && way.errno === 'EACCES') return say(`stat ${name}: permission denied`)
  if ((isFailure(way) || !way.spot) && host.unknownProgram !== undefined) return undefined
  if (isFailure(way) || !way.spot) return say(`stat ${name}: no such file or directory`)
  const node = nodeOf(way.spot)
  if (node.type === 'directory') return say('is a directory')
  // LookPath asks for any execute bit, and the system then for this user's.
  return mayUse(process, node, 1) ? undefined : say('permission denied')
}

/** Enters a working directory: one that is missing is made by root, as the runtime does. Returns why it cannot. */
export function enter(root: Files, files: Files, process: ProcessState, cwd: string): string | undefined {
  let path = ''
  for (const name of cwd.split('/').filter(Boolean)) {
    path += `/${name}`
    const failure = isFailure(root.status(path)) ? root.makeDirectory(path, 0o755) : undefined
    if (failure) return `mkdir ${cwd}: ${failure.errno === 'EROFS' ? 'read-only file system' : 'not a directory'}`
  }
  const status = files.status(cwd)
  if (isFailure(status) || !files.allowed(cwd, 1))
    return `chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: permission denied`
  if (status.type !== 'directory')
    return `chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: not a directory`
  process.cwd = files.real(cwd) as string
  return undefined
}

/** A user's home, which HOME is by default. */
export function homeOf(files: Files, uid: number): string {
  const passwd = files.nodeAt('/etc/passwd')
  const lines = passwd?.type === 'file' ? passwd.data.split('\n') : []
  const home = lines.map((line) => line.split(':')).find((fields) => fields[2] === String(uid))?.[5]
  return home ?? (uid === 0 ? '/root' : '/')
}
