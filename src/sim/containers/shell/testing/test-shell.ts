import { testHost, treeOf } from '../../kernel/test-host.ts'
import { tools } from '../../tools/registry.ts'
import { ash, dash } from '../program.ts'
import type { Flavour } from '../syntax.ts'

/** For tests: an exec session `s` in a container in which `sh` is a shell of this flavour, and what it prints. */
export function shellContainer(flavour: Flavour, argv: readonly string[], stdin = '') {
  const shell = { ...(flavour === 'ash' ? ash : dash), name: 'sh' }
  const list = [...Object.values(tools), shell]
  const binaries = Object.fromEntries(list.map(({ name }) => [`/bin/${name}`, { program: name }]))
  const node = testHost({}, list, treeOf({ ...binaries, '/tmp/': '', '/work/': '', '/etc/': '' }))
  const out = { stdout: '', stderr: '' }
  ;(node.host as { output: unknown }).output = (_stream: string, channel: 'stdout' | 'stderr', text: string) =>
    (out[channel] += text)
  // Not the first process, which signals do not reach.
  const kernel = node.boot(['sleep', 'infinity'], { cwd: '/work', env: { PATH: '/bin', HOME: '/tmp' } })
  const failure = kernel.exec('s', argv, { stdin: true })
  if (failure !== undefined) throw new Error(failure)
  kernel.write('s', stdin)
  kernel.closeInput('s')
  return { kernel, node, out }
}

/** For tests: what a script prints and ends with. */
export function runScript(flavour: Flavour, script: string, stdin = '') {
  const { kernel, node, out } = shellContainer(flavour, ['sh', '-c', script], stdin)
  node.finish(kernel)
  return { ...out, code: node.ended.find(([stream]) => stream === 's')?.[1].code ?? 'has not ended' }
}
