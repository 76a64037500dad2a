import type { Completion } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { builtinNames } from './builtins/registry.ts'
import { prompt } from './input.ts'
import type { Shell } from './shell.ts'

/** What the last word of a line may become: a command where one begins, and a file's name. */
export function complete(shell: Shell, line: string): Completion | undefined {
  if (!shell.memory.input?.prompted) return undefined
  let start = line.length
  while (start > 0 && (!' \t;|&<>()='.includes(line[start - 1]!) || line[start - 2] === '\\')) start--
  const word = line.slice(start)
  const isCommand = /(?:^|[;|&(])\s*$/.test(line.slice(Math.max(0, start - 200), start)) && !word.includes('/')
  const words = isCommand ? commands(shell, word) : files(shell, word)
  return { word, words: [...new Set(words)].sort(), prompt: prompt(shell, shell.parameter('PS1') ?? '') }
}

function commands(shell: Shell, word: string): string[] {
  const { memory, system } = shell
  const found = [...builtinNames, ...Object.keys(memory.functions), ...Object.keys(memory.aliases)]
  for (const directory of (shell.parameter('PATH') ?? '').split(':')) {
    const names = system.list(directory || '.')
    if (!isFailure(names)) found.push(...names)
  }
  return found.filter((name) => name.startsWith(word))
}

function files(shell: Shell, word: string): string[] {
  const { system } = shell
  const directory = word.slice(0, word.lastIndexOf('/') + 1)
  const begin = unquoted(word.slice(directory.length))
  const path = unquoted(directory).replace(/^~(?=\/)/, () => shell.parameter('HOME') ?? '')
  const names = system.list(path || '.')
  if (isFailure(names)) return []
  return names
    .filter((name) => name.startsWith(begin) && (begin !== '' || !name.startsWith('.')))
    .map((name) => {
      const status = system.status(path + name)
      const slash = !isFailure(status) && status.type === 'directory' ? '/' : ''
      return directory + name.replace(/[^\w.,+@%:~\x80-\xff-]/g, '\\$&') + slash
    })
}

const unquoted = (text: string) => text.replace(/\\(.)/g, '$1')
