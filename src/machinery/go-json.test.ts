import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxJsonDepth, parseGoJson } from './go-json.ts'

describe('what Go says of a text that is no JSON', () => {
  test.each([
    ['', 'unexpected end of JSON input'],
    ['{"a": ', 'unexpected end of JSON input'],
    ['"open', 'unexpected end of JSON input'],
    ['tru', 'unexpected end of JSON input'],
    ['-', 'unexpected end of JSON input'],
    ['{bad', "invalid character 'b' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['a: b', "invalid character 'a' looking for beginning of value"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['trap', "invalid character 'a' in literal true (expecting 'u')"],
    ['01', "invalid character '1' after top-level value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ['\u0001', "invalid character '\\x01' looking for beginning of value"],
  ])('%j', (text, message) => {
    expect(parseGoJson(text)).toEqual({ ok: false, message })
  })

  test('every text that JSON.parse refuses has words', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      'a',
      '1',
      '-',
      '.',
      'e',
      'true',
      'null',
      '\\',
      'u',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const read = parseGoJson(text)
        let value: unknown
        try {
          value = JSON.parse(text)
        } catch {
          expect(read.ok, text).toBe(false)
          if (!read.ok) expect(read.message).toMatch(/^(unexpected end of JSON input|invalid character '.+' .+)$/)
          return
        }
        expect(read).toEqual({ ok: true, value })
      }),
      { numRuns: 2000 },
    )
  })
})

test('nesting has a limit, and braces in strings do not count', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseGoJson(nested(maxJsonDepth)).ok).toBe(true)
  expect(parseGoJson(nested(maxJsonDepth + 1))).toEqual({ ok: false, message: 'exceeded max depth' })
  expect(parseGoJson(nested(1_000_000)).ok).toBe(false)
  expect(parseGoJson(`{"a":"${'[{\\"'.repeat(1000)}"}`).ok).toBe(true)
})

test('halves of surrogate pairs are replaced, whole ones are kept, keys included', () => {
  expect(parseGoJson('{"a\\ud800":"\\ud83d\\ude00 \\udc00","__proto__":"\\ud800"}')).toEqual({
    ok: true,
    value: JSON.parse('{"__proto__":"\ufffd","a\ufffd":"\u{1f600} \ufffd"}'),
  })
})
