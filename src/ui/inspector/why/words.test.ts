import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>
const words = JSON.parse(readFileSync('src/ui/i18n/en/explain.json', 'utf8')) as Words

const folder = 'src/bridge/explain'
const code = readdirSync(folder)
  .filter((file) => !file.includes('.test.'))
  .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
  .join('\n')

const literalsIn = (text: string) => [...text.matchAll(/'([a-z][A-Za-z]+)'/g)].map(([, literal]) => literal!)
const has = (section: string, name: string) => name in words[section]! || `${name}_other` in words[section]!

/** `finding(tone, code, …`: what stands second, up to where the parameters begin. */
const verdicts = [...code.matchAll(/finding\(\s*(?:'\w+'|[^,{]+),\s*([^{]*?)(?:,|\))\s*[\n{)]/g)].flatMap(([, text]) =>
  literalsIn(text!),
)
const codes = [...code.matchAll(/code: ([^\n]+)/g)].flatMap(([, text]) =>
  literalsIn(text!.split(/, (?:params|action)/)[0]!),
)
const tones = new Set(['ok', 'wait', 'warn', 'fail'])

test('all verdicts that the cluster gives have words', () => {
  expect(verdicts.length).toBeGreaterThan(60)
  const notWords = new Set(['Evicted', 'Retain', 'Unknown', 'name', 'message', 'ok', 'wait', 'warn', 'fail'])
  expect(verdicts.filter((name) => !tones.has(name) && !notWords.has(name) && !has('verdict', name))).toEqual([])
})

test('all that was found, helps and came of it has words', () => {
  expect(codes.length).toBeGreaterThan(60)
  const sections = ['step', 'because', 'fix', 'outcome']
  expect(codes.filter((name) => !tones.has(name) && !sections.some((section) => has(section, name)))).toEqual([])
})

test('no words are left over', () => {
  const all = new Set(literalsIn(code))
  const edits = new Set(
    literalsIn(readFileSync('src/sim/scheduler/what-would-fit/edit.ts', 'utf8').split('/** One thing')[0]!),
  )
  const known = (name: string) => all.has(name.replace(/_(one|other)$/, '')) || edits.has(name)
  for (const section of ['verdict', 'step', 'because', 'fix', 'outcome'])
    expect(Object.keys(words[section]!).filter((name) => !known(name))).toEqual([])
})
