import { expect, test } from '@playwright/test'

test('services call each other, and the log of the customer’s script says how it goes', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Examples', exact: true }).click()
  await page
    .getByText(/Services that call each other/)
    .first()
    .click()
  await expect(page.getByRole('button', { name: /^Service front, 2 of 2/ })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: /^Pod customer-.*, Running/ }).click()
  await page.getByRole('tab', { name: 'Logs' }).click()
  await expect(page.getByText(/\d\d:\d\d:\d\d [1-9]\d* bought/).first()).toBeVisible()
})
