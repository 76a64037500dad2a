import { examples } from '../src/playground/examples/examples.ts'
import { defaultShape, engineVersion, playgroundVersion, type JournalEntry } from '../src/playground/model.ts'
import { encodeFragment } from '../src/playground/share.ts'
import { expect, ready, test } from './fixtures.ts'

/** The shop half a minute old, a node unplugged for ten seconds of it: always the same moment. */
function link(): string {
  const shop = examples.find(({ id }) => id === 'web-shop')!
  const applied: JournalEntry[] = shop.files.map(({ name, text }, index) => ({
    at: 5_000 + index,
    action: { type: 'apply', file: name, text },
  }))
  return encodeFragment({
    version: playgroundVersion,
    engine: engineVersion,
    name: 'shop',
    files: shop.files,
    shape: shop.shape ?? defaultShape(),
    journal: [...applied, { at: 30_000, action: { type: 'machine', name: 'node-2', change: 'unplug' } }],
    until: 100_000,
  })
}

const lenses = ['Nodes', 'Workloads', 'Network', 'Storage']

for (const theme of ['dark', 'light'] as const) {
  test(`each lens looks as it did, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.goto(`/#${link()}`)
    await ready(page)
    await expect(page.getByRole('button', { name: /^Node node-2, Unplugged|^Node node-2, NotReady/ })).toBeVisible()
    for (const lens of lenses) {
      await page.getByRole('tab', { name: lens, exact: true }).click()
      await page.mouse.move(720, 700)
      await expect(page.getByRole('region', { name: 'Graph' })).toHaveScreenshot(`${lens.toLowerCase()}-${theme}.png`)
    }
  })
}
