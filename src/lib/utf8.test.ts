import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8Bytes, utf8Length, utf8Text } from './utf8.ts'

test.each<[string, number[], string]>([
  ['a lone continuation', [0x61, 0x80, 0x62], 'a\ufffdb'],
  ['a character cut short', [0xe2, 0x82], '\ufffd\ufffd'],
  ['zero in two bytes', [0xc0, 0x80], '\ufffd\ufffd'],
  ['zero in three bytes', [0xe0, 0x80, 0x80], '\ufffd\ufffd\ufffd'],
  ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  ['more than there are characters', [0xf5, 0x80, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
  ['bytes that never begin one', [0xff, 0xfe], '\ufffd\ufffd'],
])('%s', (_name, bytes, text) => {
  expect(utf8Text(bytes)).toBe(text)
})

test('texts come back from their bytes, whose number is known', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Text(utf8Bytes(text))).toBe(text)
      expect(utf8Length(text)).toBe(utf8Bytes(text).length)
    }),
  )
})

test('any bytes are some text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(utf8Text(bytes).length).toBeLessThanOrEqual(bytes.length)
    }),
  )
})
