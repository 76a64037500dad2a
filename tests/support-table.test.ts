import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { supportTable } from '../scripts/support-table.ts'

test('docs/support.md says what the registry says; npm run support writes it', () => {
  expect(readFileSync(new URL('../docs/support.md', import.meta.url), 'utf8')).toBe(supportTable())
})
