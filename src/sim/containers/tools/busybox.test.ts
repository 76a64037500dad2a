import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toolCases, type ToolCase } from './busybox.cases.ts'
import { tools } from './registry.ts'
import { runTool } from './test-tool.ts'

const applets = spawnSync('busybox', ['--list'], { encoding: 'utf8' }).stdout?.split('\n')

function real({ argv, stdin = '', files = {} }: ToolCase) {
  const directory = mkdtempSync(join(tmpdir(), 'tools-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text, 'latin1')
  }
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
  const { status, stdout, stderr } = spawnSync('busybox', argv, {
    cwd: directory,
    input: stdin,
    encoding: 'latin1',
    env,
    timeout: 5000,
  })
  rmSync(directory, { recursive: true })
  return { code: status, stdout, stderr: withoutUsage(stderr) }
}

/** How a tool is used is told in busybox's own words, which are not repeated here. */
const withoutUsage = (text: string) => text.replace(/BusyBox v[^]*$/, '<usage>\n')

/** A directory's entries come in the order of the file system that they are in. */
const inOrder = <Answer extends { stdout: string }>({ argv }: ToolCase, answer: Answer): Answer =>
  argv[0] === 'find'
    ? {
        ...answer,
        stdout: answer.stdout
          .split(/[\n\0 ]/)
          .sort()
          .join('\n'),
      }
    : answer

describe.skipIf(!applets)("tools answer as Debian's busybox does (skipped where there is no busybox)", () => {
  const cases = toolCases.filter(({ argv }) => applets!.includes(argv[0]!))
  test.each(cases.map((one) => [one.argv.map((arg) => JSON.stringify(arg)).join(' '), one] as const))(
    '%s',
    (_name, one) => {
      const { code, stdout, stderr } = runTool(one.argv, one.stdin, one.files)
      const answer = { code, stdout, stderr: withoutUsage(stderr) }
      expect(inOrder(one, answer)).toEqual(inOrder(one, real(one)))
    },
  )
})

test.each(
  toolCases.map(({ argv }) => argv[0]!).filter((name, at, all) => all.indexOf(name) === at && name !== 'nosuchoption'),
)('there is a tool %s', (name) => {
  expect(Object.hasOwn(tools, name)).toBe(true)
})
