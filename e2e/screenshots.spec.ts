import { expect, openPage, pods, setSpeed, test } from './fixtures.ts'

for (const theme of ['dark', 'light'] as const) {
  test(`the page, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openPage(page)
    await page.getByRole('banner').getByRole('button', { name: 'Examples' }).click()
    await page.getByRole('button', { name: /^A web shop in three tiers/ }).click()
    await setSpeed(page, 10)
    await expect(pods(page, 'web-')).toHaveCount(3)
    await expect(pods(page, 'catalog-')).toHaveCount(2)
    await expect(pods(page, 'db-')).toHaveCount(1)
    await expect(page.getByRole('button', { name: /^Service web, 3 of 3/ })).toBeVisible()
    await page.getByRole('button', { name: 'Put the lesson away' }).click()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await pods(page, 'web-').first().click()
    await page.mouse.move(720, 640)
    await page.waitForTimeout(1_000)
    await page.screenshot({ path: `docs/images/page-${theme}.png` })

    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('button', { name: 'Actions for node-2' }).click()
    await page.getByRole('menuitem', { name: 'Unplug' }).click()
    await setSpeed(page, 100)
    await expect(page.getByRole('button', { name: /^Node node-2, Unplugged/ })).toBeVisible()
    await expect(page.getByRole('button', { name: /^Service db, 0 of/ })).toBeVisible()
    // Five minutes of toleration, then the pods are replaced elsewhere.
    await expect(pods(page, 'web-', 'Terminating').first()).toBeVisible()
    await setSpeed(page, 1)
    await expect(page.getByRole('button', { name: /^Service web, 3 of/ })).toBeVisible()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await pods(page, 'web-').first().click()
    await page.mouse.move(720, 640)
    await page.waitForTimeout(1_000)
    await page.screenshot({ path: `docs/images/node-failure-${theme}.png` })
  })
}
