import { describe, expect, test } from 'vitest'
import { refusal, sameSecret } from './gate.ts'

const hosts = ['127.0.0.1', 'localhost', '::1']

describe('who may come in', () => {
  test.each([
    [{ host: '127.0.0.1:8443' }],
    [{ host: 'localhost' }],
    [{ host: '[::1]:8443' }],
    [{ host: 'LOCALHOST:1', origin: 'http://localhost:5173' }],
    [{ host: '127.0.0.1:8444', origin: 'http://127.0.0.1:8444' }],
  ])('%j', (headers) => expect(refusal(headers, hosts)).toBeUndefined())

  test.each([
    [{}],
    [{ host: '' }],
    [{ host: 'evil.example' }],
    [{ host: '127.0.0.1.evil.example:8443' }],
    [{ host: 'localhost:8443, evil.example' }],
    [{ host: 'evil@localhost' }],
    [{ host: '127.0.0.1:8443', origin: 'http://evil.example' }],
    [{ host: '127.0.0.1:8443', origin: 'http://localhost.evil.example' }],
    [{ host: '127.0.0.1:8443', origin: 'null' }],
  ])('not %j', (headers) => expect(refusal(headers, hosts)).toBeDefined())
})

test.each([
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'abcd', false],
  ['', 'abc', false],
])('%j for %j: %s', (given, wanted, expected) => expect(sameSecret(given, wanted)).toBe(expected))
