import { expect, test } from 'vitest'
import { bestOf, scoreOf, tokensOf } from './search.ts'

const item = (name: string, words = '') => ({ name, words })
const found = (query: string, ...items: ReturnType<typeof item>[]) =>
  bestOf(items, tokensOf(query), 50).map(({ name }) => name)

test.each([
  ['the whole name comes before its beginning', 'web', ['web-2', 'web'], ['web', 'web-2']],
  ['a beginning comes before a part that begins after a dash', 'web', ['my-web', 'web-2'], ['web-2', 'my-web']],
  ['a part after a dash comes before one inside a word', 'mail', ['gmail', 'my-mail'], ['my-mail', 'gmail']],
  ['letters with gaps are found when they are close', 'chkt', ['checkout', 'a-c-very-h-long-k-name-t'], ['checkout']],
  ['two letters with a gap are no match', 'cu', ['checkout'], []],
  ['capitals do not matter', 'WEB', ['web'], ['web']],
  ['nothing typed leaves the order', '', ['b', 'a'], ['b', 'a']],
])('%s', (_, query, names, expected) => {
  expect(found(query, ...names.map((name) => item(name)))).toEqual(expected)
})

test('every word has to be found, be it in the name or beside it', () => {
  expect(found('web shop', item('web', 'deployment shop app=web'), item('web', 'deployment data'))).toEqual(['web'])
  expect(found('app=web', item('x-1', 'pod shop app=web'), item('web', 'deployment'))).toEqual(['x-1'])
  expect(scoreOf(item('web', 'deployment'), ['web', 'nowhere'])).toBe(0)
})

test('the limit keeps the best, not the first', () => {
  const many = Array.from({ length: 1000 }, (_, i) => item(`pod-${i}-web`))
  expect(bestOf([...many, item('web')], ['web'], 1)).toEqual([item('web')])
})
