import { testHost, treeOf } from '../kernel/test-host.ts'
import { tools } from './registry.ts'

/** For tests: what a tool prints and ends with, run alone in a container. */
export function runTool(argv: readonly string[], stdin = '', files: Readonly<Record<string, string>> = {}) {
  const list = Object.values(tools)
  const binaries = Object.fromEntries(list.map(({ name }) => [`/bin/${name}`, { program: name }]))
  const node = testHost(
    {},
    list,
    treeOf({
      ...binaries,
      '/tmp/': '',
      ...Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path.startsWith('/') ? path : `/tmp/${path}`, text]),
      ),
    }),
  )
  const out = { stdout: '', stderr: '' }
  ;(node.host as { output: unknown }).output = (_stream: string, channel: 'stdout' | 'stderr', text: string) =>
    (out[channel] += text)
  const kernel = node.boot(argv, { stdin: true, cwd: '/tmp', env: { PATH: '/bin' } })
  kernel.write('', stdin)
  kernel.closeInput('')
  node.finish(kernel)
  return { ...out, code: kernel.state.processes[1]?.ended?.code, state: kernel.state, node }
}
