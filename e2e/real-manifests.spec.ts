import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { apply, expect, openPage, setManifest, setSpeed, test } from './fixtures.ts'

const corpus = process.env.KUBECOSM_CORPUS ?? fileURLToPath(new URL('../../shared/corpus/', import.meta.url))
const wanted = ['o021', 'o023', 'o024', 'o025', 'o026', 'o027', 'o030', 'o031', 'o032']

interface Entry {
  readonly id: string
  readonly file: string
}

function entries(): Entry[] {
  const index = JSON.parse(readFileSync(`${corpus}/index.json`, 'utf8'))
  const all: Entry[] = Array.isArray(index) ? index : (index.files ?? index.items)
  return wanted.map((id) => all.find((entry) => entry.id === id)).filter((entry) => entry !== undefined)
}

test('manifests of real projects, as they are: nothing is refused and every pod runs', async ({ page }) => {
  test.skip(
    !existsSync(`${corpus}/index.json`),
    `real manifests are not part of the project; there are none at ${corpus}`,
  )
  test.setTimeout(240_000)
  await openPage(page)
  for (const { id, file } of entries()) {
    await test.step(id, async () => {
      await setManifest(page, readFileSync(`${corpus}/${file}`, 'utf8'))
      await apply(page)
      const status = page.getByRole('region', { name: 'Manifests' }).getByRole('status')
      await expect(status).toHaveText(/created|configured/)
      await expect(status).not.toHaveText(/not applied/)
    })
  }
  await setSpeed(page, 100)
  const labels = () =>
    page
      .locator('[data-resource="pods"][aria-label]')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label') ?? ''))
  await expect.poll(async () => (await labels()).length, { timeout: 60_000 }).toBeGreaterThan(20)
  await expect
    .poll(async () => (await labels()).filter((label) => !/, (Running|Completed)$/.test(label)), { timeout: 90_000 })
    .toEqual([])
})
