import { expect, test } from 'vitest'
import { pieces } from './yaml-pieces.ts'

const shown = (line: string) =>
  pieces(line)
    .map(([name, text]) => `${name || '·'}<${text}>`)
    .join('')

test.each([
  ['kind: Pod', 'y-key<kind>y-punct<:>y-str< Pod>'],
  ['  replicas: 3', '·<  >y-key<replicas>y-punct<:>y-num< 3>'],
  ['  - name: web', '·<  >y-punct<- >y-key<name>y-punct<:>y-str< web>'],
  ['    - --port=80', '·<    >y-punct<- >y-str<--port=80>'],
  ['ready: true', 'y-key<ready>y-punct<:>y-word< true>'],
  ['at: "12:30"', 'y-key<at>y-punct<:>y-str< "12:30">'],
  ['app.kubernetes.io/name: web', 'y-key<app.kubernetes.io/name>y-punct<:>y-str< web>'],
  ['spec:', 'y-key<spec>y-punct<:>'],
])('%s', (line, expected) => {
  expect(shown(line)).toBe(expected)
})

test('nothing is lost, whatever the line', () => {
  for (const line of ['', '   ', 'a: b: c', '"x:y": z', '- - a', '# c', 'image: reg:5000/x']) {
    expect(
      pieces(line)
        .map(([, text]) => text)
        .join(''),
    ).toBe(line)
  }
})
