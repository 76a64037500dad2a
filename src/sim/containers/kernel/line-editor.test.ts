import fc from 'fast-check'
import { expect, test } from 'vitest'
import { typed } from './line-editor.ts'
import type { StreamState } from './stream.ts'

const terminal = (history: string[] = []): StreamState & { tty: NonNullable<StreamState['tty']> } => ({
  input: '',
  closed: false,
  tty: { line: '', history, columns: 80, rows: 24 },
})

/** What stands on a screen's line, and where its cursor is. */
function shown(echo: string, row: string[] = [], cursor = 0) {
  for (const char of Buffer.from(echo, 'latin1').toString('utf8'))
    if (char === '\b') cursor--
    else row[cursor++] = char
  return { text: row.join('').trimEnd(), cursor }
}

const keys = ['a', 'b c', ' ', 'é', '\x7f', '\x15', '\x0b', '\x17', '\x01', '\x05', '\x02', '\x06'].concat(
  ['A', 'B', 'C', 'D', 'H', 'F', '3~', '1~', '4~', '1;5C', '1;5D'].map((end) => `\x1b[${end}`),
)

test('what is shown is the line that is edited, with the cursor where it is', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...keys)), (pressed) => {
      const stream = terminal(['older one', 'newer'])
      let echo = ''
      for (const key of pressed)
        echo += typed(stream, stream.tty, Buffer.from(key, 'utf8').toString('latin1'), () => undefined).echo
      const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')
      const { line, rest = '' } = stream.tty
      expect(shown(echo)).toEqual({ text: utf8(line + rest).trimEnd(), cursor: utf8(line).length })
    }),
  )
})

test.each([
  ['abc\x1b[D\x1b[DX', 'aXbc'],
  ['abc\x1b[HX\x1b[FY', 'XabcY'],
  ['abc\x1bOHX', 'Xabc'],
  ['ab cd ef\x17\x17X', 'ab X'],
  ['ab cd\x1b[1;5DX', 'ab Xcd'],
  ['abc\x1b[D\x1b[D\x1b[3~', 'ac'],
  ['abc\x02\x0bX', 'abX'],
  ['abc\x1b[D\x15', 'c'],
  ['a\x1b[Zb', 'ab'],
])('%j is the line %j', (text, line) => {
  const stream = terminal()
  typed(stream, stream.tty, `${text}\r`, () => undefined)
  expect(stream.input).toBe(`${line}\n`)
})
