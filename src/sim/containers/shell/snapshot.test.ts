import { describe, expect, test } from 'vitest'
import { Kernel } from '../kernel/kernel.ts'
import { shellCases } from './testing/shell-cases.ts'
import { runScript, shellContainer } from './testing/test-shell.ts'

/** The same, saved and read back after every few instructions. */
function runInPieces(flavour: 'ash' | 'dash', script: string) {
  const { kernel, node, out } = shellContainer(flavour, ['sh', '-c', script])
  let current = kernel
  for (let pieces = 0; pieces < 100_000; pieces++) {
    current = new Kernel(JSON.parse(JSON.stringify(current.state)), node.host, node.programs)
    const before = node.wakes.length
    current.state.cpu.credit = 4
    current.state.cpu.at = node.time
    current.run()
    const ended = node.ended.find(([stream]) => stream === 's')
    if (ended) return { ...out, code: ended[1].code }
    if (current.state.cpu.credit > 0) {
      if (node.wakes.length === before) break
      node.time = Math.max(node.time, node.wakes.at(-1)!)
    }
  }
  return { ...out, code: 'has not ended' }
}

// What takes long is left out: pieces are small.
const quick = (scripts: readonly string[]) => scripts.filter((script) => !/\bseq \d{4,}|\byes\b/.test(script))

describe.each(['ash', 'dash'] as const)('%s goes on from any saved state', (flavour) => {
  test.each(Object.entries(shellCases))('%s', (_group, scripts) => {
    for (const script of quick(scripts))
      expect({ script, ...runInPieces(flavour, script) }).toEqual({ script, ...runScript(flavour, script) })
  })
})

test('a loop that never ends leaves the turn to others, and costs what time allows', () => {
  const { kernel, node, out } = shellContainer('ash', ['sh', '-c', 'while :; do :; done & sleep 1; echo done'])
  node.finish(kernel, 2000)
  expect(out.stdout).toBe('done\n')
  expect(kernel.state.cpu.total).toBeLessThan(300_000)
})

test('what a script forks without end is bounded', () => {
  const { kernel, node, out } = shellContainer('ash', ['sh', '-c', 'f() { f | f & }; f; sleep 1; echo still'])
  node.finish(kernel, 3000)
  expect(out.stdout).toBe('still\n')
  expect(Object.keys(kernel.state.processes).length).toBeLessThanOrEqual(1024)
})

test('a function that calls itself without end is an error, not the end of all', () => {
  expect(runScript('dash', 'f() { f; }; f; echo no').code).not.toBe(0)
})
