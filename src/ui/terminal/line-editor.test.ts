import { expect, test } from 'vitest'
import { keysOf, LineEditor, widthOf } from './line-editor.ts'

function typed(data: string, editor = new LineEditor({ cols: 80, write: () => undefined }, '$ ')): LineEditor {
  for (const key of keysOf(data)) if (!editor.key(key)) editor.insert(key)
  return editor
}

test.each([
  ['letters', 'get pods', 'get pods'],
  ['backspace', 'getx\x7f pods', 'get pods'],
  ['an insertion in the middle', 'gt\x1b[De', 'get'],
  ['to the beginning and back', 'et\x01g\x05 po', 'get po'],
  ['delete under the cursor', 'xget\x01\x1b[3~', 'get'],
  ['a word away', 'get pods\x17', 'get '],
  ['all before away', 'get pods\x15', ''],
  ['all behind away', 'get pods\x1bb\x0b', 'get '],
  ['over words', 'get pods\x1b[1;5D\x1b[1;5Dk ', 'k get pods'],
])('%s', (_, data, expected) => {
  expect(typed(data).text).toBe(expected)
})

test('lines are recalled, and what was begun comes back', () => {
  const editor = new LineEditor({ cols: 80, write: () => undefined }, '$ ')
  for (const line of ['one', 'two', 'two']) {
    editor.begin()
    typed(line, editor)
    editor.end()
  }
  editor.begin()
  typed('dr', editor)
  expect(typed('\x1b[A', editor).text).toBe('two')
  expect(typed('\x1b[A\x1b[A', editor).text).toBe('one')
  expect(typed('\x1b[B\x1b[B', editor).text).toBe('dr')
})

test('a line longer than the screen is redrawn from its first row', () => {
  let written = ''
  const editor = new LineEditor({ cols: 10, write: (text) => (written = text) }, '$ ')
  editor.begin()
  editor.insert('0123456789abcdef')
  editor.insert('!')
  expect(written.startsWith('\x1b[1A\r\x1b[J')).toBe(true)
  expect(written.endsWith('\r\x1b[9C')).toBe(true)
})

test('East Asian letters are two columns wide', () => {
  expect(widthOf('a中文')).toBe(5)
})
