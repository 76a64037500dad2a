import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LinearPattern, PatternError } from './pattern.ts'

const found = (source: string, text: string) => {
  const match = new LinearPattern(source).find(text)
  return match && text.slice(match.start, match.end)
}

describe('LinearPattern', () => {
  test.each([
    ['^[a-z]+$', 'abc', 'abc'],
    ['^[a-z]+$', 'aBc', undefined],
    ['a|ab', 'ab', 'a'],
    ['ab|a', 'ab', 'ab'],
    ['a*?b', 'aaab', 'aaab'],
    ['a{2,3}', 'aaaa', 'aaa'],
    ['a{2,3}?', 'aaaa', 'aa'],
    ['a{,3}', 'a{,3}', 'a{,3}'],
    ['(?i)straße', 'STRASSE STRAßE', 'STRAßE'],
    ['\\d{3}-\\d{4}', 'call 555-1234 now', '555-1234'],
    ['[[:upper:]]+', 'abcDEF', 'DEF'],
    ['[^\\s,]+', ', x,', 'x'],
    ['\\bword\\b', 'a word.', 'word'],
    ['\\p{Greek}+', 'abc αβγ', 'αβγ'],
    ['\\x41\\x{1F600}', 'A😀', 'A😀'],
    ['(?s).+', 'a\nb', 'a\nb'],
    ['.+', 'a\nb', 'a'],
    ['(?m)^b$', 'a\nb\nc', 'b'],
    ['[]a]+', 'x]a', ']a'],
    ['[a-]+', 'x-a', '-a'],
    ['(?P<year>\\d+)', 'in 2026', '2026'],
    ['\\Qa.b\\E', 'axb a.b', 'a.b'],
    ['()*x', 'x', 'x'],
    ['', 'x', ''],
  ])('%s finds in %s: %s', (source, text, want) => {
    expect(found(source, text)).toBe(want)
  })

  test.each([
    ['a(b', 'error parsing regexp: missing closing ): `a(b`'],
    ['a)b', 'error parsing regexp: unexpected ): `a)b`'],
    ['[a', 'error parsing regexp: missing closing ]: `[a`'],
    ['*a', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
    ['(?=x)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['\\y', 'error parsing regexp: invalid escape sequence: `\\y`'],
    ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
    ['a\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
  ])('%s is refused: %s', (source, message) => {
    expect(() => new LinearPattern(source)).toThrow(new PatternError(message))
  })

  test('evil patterns end soon', () => {
    const text = `${'a'.repeat(5000)}!`
    for (const source of ['^(a+)+$', '^(a|aa)+$', '^([a-zA-Z]+)*$', '(a*)*b']) {
      expect(new LinearPattern(source).test(text)).toBe(false)
    }
  })

  test('all matches that do not overlap', () => {
    expect(new LinearPattern('\\d+').findAll('1 22 333')).toEqual(['1', '22', '333'])
    expect(new LinearPattern('\\d+').findAll('1 22 333', 2)).toEqual(['1', '22'])
    expect(new LinearPattern('a*').findAll('baac')).toEqual(['', 'aa', ''])
  })

  test('finds what the built-in engine finds, where both read the pattern alike', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '(a|b)',
      'a*',
      'b+',
      'a?',
      '(ab)*',
      '(a|ab)',
      'b{1,2}',
      '^',
      '$',
      'a*?',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }),
        (pieces, chars) => {
          const source = pieces.join('')
          const text = chars.join('')
          const native = new RegExp(source, 'u').exec(text)
          expect(found(source, text)).toBe(native?.[0])
        },
      ),
      { numRuns: 2000 },
    )
  })
})
