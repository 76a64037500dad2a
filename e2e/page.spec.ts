import AxeBuilder from '@axe-core/playwright'
import { apply, expect, openPage, pods, setManifest, setSpeed, test, twoTiers } from './fixtures.ts'

for (const theme of ['dark', 'light'] as const) {
  test(`nothing for axe to complain about outside Monaco, ${theme}`, async ({ page }) => {
    // Each look at the whole page takes seconds.
    test.slow()
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openPage(page)
    const violations = async () => {
      const { violations: found } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze()
      return found.map(
        (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
      )
    }
    expect(await violations()).toEqual([])
    await setManifest(page, twoTiers)
    await apply(page)
    await setSpeed(page, 10)
    await expect(pods(page, 'web-')).toHaveCount(3)
    expect(await violations()).toEqual([])
    await page.getByRole('tab', { name: /^Events/ }).click()
    await pods(page, 'web-').first().click()
    expect(await violations()).toEqual([])
    for (const tab of ['Containers', 'YAML', /^Events/, 'Logs', 'Why?']) {
      await page.locator('div.inspector').getByRole('tab', { name: tab }).click()
      expect(await violations()).toEqual([])
    }
    // Another future, seen from a moment of its past.
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByRole('button', { name: 'Step back' }).click()
    await page.getByRole('button', { name: 'Actions for node-2' }).click()
    await page.getByRole('menuitem', { name: 'Cordon' }).click()
    await expect(page.getByRole('button', { name: 'Compare with A' })).toBeVisible()
    await page.getByRole('button', { name: 'Step back' }).click()
    await expect(page.getByRole('button', { name: 'Return to live' })).toBeVisible()
    expect(await violations()).toEqual([])
    await page.getByRole('button', { name: 'Return to live' }).click()
    await page.getByRole('button', { name: /^Node node-1/ }).click()
    for (const tab of ['Traffic', /^Problems/]) {
      await page.getByRole('tab', { name: tab }).click()
      expect(await violations()).toEqual([])
    }
    await page.getByRole('button', { name: 'Share' }).click()
    await expect(page.getByRole('textbox', { name: 'Link' })).toBeVisible()
    expect(await violations()).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('banner').getByRole('button', { name: 'Examples' }).click()
    await expect(page.getByRole('button', { name: /^A web shop/ })).toBeVisible()
    expect(await violations()).toEqual([])
  })
}

test('the page speaks Chinese, and remembers it', async ({ page }) => {
  await openPage(page)
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page.getByRole('button', { name: '应用' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.reload()
  await expect(page.getByRole('button', { name: '应用' })).toBeVisible()
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeVisible()
})

test('the theme changes and is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await openPage(page)
  await page.getByRole('button', { name: 'Light theme' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
})

test('everything fits at 1280 by 720, and panels fold away', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await openPage(page)
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
  )
  expect(overflow).toBe(false)
  const main = page.getByRole('region', { name: 'Graph', exact: true })
  const before = (await main.boundingBox())?.width ?? 0
  await page.getByRole('button', { name: 'Manifests panel' }).click()
  await page.getByRole('button', { name: 'Inspector panel' }).click()
  await expect.poll(async () => (await main.boundingBox())?.width ?? 0).toBeGreaterThan(before + 400)
})

test('the space bar pauses and runs, and types a space in the editor', async ({ page }) => {
  await openPage(page)
  await page.locator('body').press('Space')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  await setManifest(page, '# a')
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
})

test('the policy of the built page allows no eval', async ({ page }) => {
  await openPage(page)
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toContain('unsafe-eval')
})
