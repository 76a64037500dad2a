import { describe, expect, it } from 'vitest'
import * as names from './names.ts'

const long = 'a'.repeat(64)

describe('names', () => {
  it.each<[(value: string) => readonly string[], string, string[] | number]>([
    [names.isDns1123Label, 'my-name', []],
    [names.isDns1123Label, 'a.b', ['must not contain dots']],
    [names.isDns1123Label, long, ['must be no more than 63 bytes']],
    [names.isDns1123Label, 'UPPER', 1],
    [names.isDns1123Subdomain, 'a.b-c.d', []],
    [names.isDns1123Subdomain, 'a..b', 1],
    [names.isDns1035Label, 'abc-123', []],
    [names.isDns1035Label, '1abc', 1],
    [names.isWildcardSubdomain, '*.example.com', []],
    [names.isWildcardSubdomain, '*.*.com', 1],
    [names.isQualifiedName, 'example.com/My_Name', []],
    [names.isQualifiedName, '/x', ['prefix part must be non-empty']],
    [names.isQualifiedName, `${long}`, ['name part must be no more than 63 bytes']],
    [names.isLabelValue, '', []],
    [names.isLabelValue, 'not valid', 1],
    [names.isConfigMapKey, 'a.b_c-D', []],
    [names.isConfigMapKey, '..', ["must not be '..'"]],
    [names.isEnvVarName, 'my.var-1', []],
    [names.isEnvVarName, 'A=B', 1],
    [names.isHttpHeaderName, 'X-Probe', []],
    [names.isHttpHeaderName, 'X Probe', 1],
    [names.isPortName, 'http-2', []],
    [names.isPortName, '80', ['must contain at least one letter (a-z)']],
    [names.isPortName, 'a--b', ['must not contain consecutive hyphens']],
    [names.isPathSegmentName, 'system:node', []],
    [names.isPathSegmentName, 'a/b', ["may not contain '/'"]],
  ])('%o of %s', (check, value, expected) => {
    const found = check(value)
    if (typeof expected === 'number') expect(found).toHaveLength(expected)
    else expect(found).toEqual(expected)
  })

  it.each([
    ['10.0.0.1', true],
    ['256.0.0.1', false],
    ['::1', true],
    ['2001:db8::ffff', true],
    ['1::2::3', false],
    ['web', false],
  ])('%s is an address: %s', (text, expected) => expect(names.isIp(text)).toBe(expected))

  it('draws a suffix of five characters that cannot spell a word', () => {
    let state = 0
    const random = () => (state = (state + 0.37) % 1)
    expect(names.generatedName('web-', random)).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(names.generatedName('w'.repeat(80), random)).toHaveLength(63)
    expect(names.randomSuffix(9, random)).toHaveLength(9)
  })
})
