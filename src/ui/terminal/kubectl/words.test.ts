import { expect, test } from 'vitest'
import { readCommandLine, wordsOf } from './words.ts'

test.each([
  ['get  pods', ['get', 'pods']],
  [`a 'b c' "d \\" e" f\\ g`, ['a', 'b c', 'd " e', 'f g']],
  [`x''y ""`, ['xy', '']],
  ['', []],
])('%j is split as a shell splits it', (line, expected) => {
  expect(wordsOf(line)).toEqual(expected)
})

test('an open quote is no end', () => {
  expect(() => wordsOf(`get 'pods`)).toThrow(/still open/)
})

test('flags in all their forms', () => {
  const line = readCommandLine(wordsOf('exec -it web -nshop --container=app -l a=b -l c -oyaml -A -- sh -c ls'))
  expect(line.args).toEqual(['exec', 'web'])
  expect(line.rest).toEqual(['sh', '-c', 'ls'])
  expect([line.has('stdin'), line.has('tty'), line.has('all-namespaces'), line.has('watch')]).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect([line.flag('namespace'), line.flag('container'), line.flag('output')]).toEqual(['shop', 'app', 'yaml'])
  expect(line.flags('selector')).toEqual(['a=b', 'c'])
})

test('-f follows in logs and is a file elsewhere', () => {
  expect(readCommandLine(['logs', '-f', 'web'], { f: 'follow' }).args).toEqual(['logs', 'web'])
  expect(readCommandLine(['apply', '-f', 'web']).flag('filename')).toBe('web')
})
