import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { shellCases } from './testing/shell-cases.ts'
import { randomScript } from './testing/random-scripts.ts'
import { runScript } from './testing/test-shell.ts'

const where = (name: string) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout?.trim()
const busybox = where('busybox')
const real = { ash: busybox, dash: busybox && where('dash') }
const place = mkdtempSync(join(tmpdir(), 'shell-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** Busybox's tools and the shell under test: what scripts find in PATH. */
function pathOf(flavour: 'ash' | 'dash'): string {
  const bin = join(place, `bin-${flavour}`)
  mkdirSync(bin)
  for (const name of spawnSync(busybox!, ['--list'], { encoding: 'utf8' }).stdout.split('\n'))
    if (/^\w+$/.test(name) && name !== 'sh') symlinkSync(busybox!, join(bin, name))
  symlinkSync(real[flavour]!, join(bin, 'sh'))
  return bin
}

/** What the machine's own shell does with a script in an empty directory. */
function runReal(path: string, script: string) {
  const cwd = join(place, 'work')
  rmSync(cwd, { recursive: true, force: true })
  mkdirSync(cwd)
  const { status, signal, stdout, stderr } = spawnSync(join(path, 'sh'), ['-c', script], {
    argv0: 'sh',
    cwd,
    input: '',
    encoding: 'latin1',
    env: { PATH: path, HOME: '/tmp', LC_ALL: 'C' },
    timeout: 10_000,
  })
  return { stdout, stderr, code: status ?? 128 + constants.signals[signal!] }
}

/** How a tool is used is told in busybox's own words, which are not repeated here. */
const said = <Answer extends { stderr: string }>(answer: Answer): Answer => ({
  ...answer,
  stderr: answer.stderr.replace(/BusyBox v[^]*?\n\nUsage: [^]*$/, '<usage>\n'),
})

describe.each(['ash', 'dash'] as const)('%s', (flavour) => {
  describe.skipIf(!real[flavour])('does as the real one (skipped where there is none)', () => {
    const path = real[flavour] ? pathOf(flavour) : ''
    describe.each(Object.entries(shellCases))('%s', (_group, scripts) => {
      test.each(scripts.map((script) => [script]))('%s', (script) => {
        expect(said(runScript(flavour, script))).toEqual(said(runReal(path, script)))
      })
    })

    // More of them: SCRIPTS=1000 npx vitest run src/sim/containers/shell
    const numRuns = Number(process.env['SCRIPTS'] ?? 40)
    test('scripts made at random', { timeout: 30_000 + numRuns * 200 }, () => {
      fc.assert(
        fc.property(randomScript, (script) => {
          expect(inSomeOrder(runScript(flavour, script))).toEqual(inSomeOrder(runReal(path, script)))
        }),
        { numRuns, seed: Number(process.env['SEED'] ?? 1) },
      )
    })
  })
})

/** What a pipeline's processes say comes in any order. */
const inSomeOrder = <Answer extends { stderr: string }>(answer: Answer) => ({
  ...answer,
  stderr: answer.stderr.split('\n').sort(),
})
