import { apply, expect, now, openPage, pods, ready, setManifest, setSpeed, test, twoTiers } from './fixtures.ts'

const secret = `---
apiVersion: v1
kind: Secret
metadata: { name: token, namespace: shop }
stringData: { token: hunter2 }
`

test('a link opens the same moment in a fresh profile, without the values of Secrets', async ({
  page,
  browser,
  baseURL,
}) => {
  await openPage(page)
  await setManifest(page, twoTiers + secret)
  await apply(page)
  await setSpeed(page, 10)
  await expect(pods(page, 'web-')).toHaveCount(3)
  await expect(pods(page, 'db-')).toHaveCount(1)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  const labels = () =>
    pods(page, '').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')).sort())
  const [clock, names] = [await now(page), await labels()]
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByText('Values of Secrets')).toBeVisible()
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()
  expect(link).toMatch(new RegExp(`^${baseURL}/#1\\.`))

  const stranger = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const other = await stranger.newPage()
  await other.goto(link)
  await ready(other)
  await expect(pods(other, 'web-')).toHaveCount(3)
  expect(
    await pods(other, '').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')).sort()),
  ).toEqual(names)
  expect(await now(other)).toBe(clock)
  expect(new URL(other.url()).hash).toBe('')
  await other.locator('.view-lines').click()
  await other.keyboard.press('ControlOrMeta+End')
  await expect(other.locator('.view-lines')).toContainText('left-out')
  await expect(other.locator('.view-lines')).not.toContainText('hunter2')
  await stranger.close()
})

test('ticking the Secrets in puts them in', async ({ page }) => {
  await openPage(page)
  await setManifest(page, `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { token: hunter2 }\n`)
  await page.waitForTimeout(600)
  await page.getByRole('button', { name: 'Share' }).click()
  const link = page.getByRole('textbox', { name: 'Link' })
  const without = await link.inputValue()
  await page.getByRole('checkbox', { name: 'Values of Secrets' }).click()
  await expect(link).not.toHaveValue(without)
  await page.getByRole('button', { name: 'Copy' }).click()
})

for (const [name, hash, said] of [
  ['a damaged link', '#1.AAAABBBBCCCC', 'This link is damaged'],
  ['a link of a later version', '#9.AAAA', 'This link comes from a newer Kubecosm'],
] as const) {
  test(`${name} says so and the stored playground opens`, async ({ page }) => {
    await openPage(page, `/${hash}`)
    await expect(page.getByText(said)).toBeVisible()
    await expect(page.getByRole('button', { name: /^Playground playground/ })).toBeVisible()
  })
}

test('what is too long for a link is offered as a file', async ({ page }) => {
  await openPage(page)
  // Words that do not compress: hashes of numbers.
  const text = await page.evaluate(async () => {
    const lines: string[] = []
    for (let i = 0; i < 260; i++) {
      const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(String(i)))
      lines.push(`# ${[...new Uint8Array(hash)].map((byte) => byte.toString(16)).join('')}`)
    }
    return lines.join('\n')
  })
  await setManifest(page, text)
  await page.waitForTimeout(600)
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByText('Too long for a link')).toHaveCount(0)
  await expect(page.getByRole('textbox', { name: 'Link' })).toHaveValue('Too long for a link')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download file' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.kubecosm\.json$/)
})
