import type { Page } from '@playwright/test'
import { apply, expect, openPage, pods, setManifest, setSpeed, test } from './fixtures.ts'

const picture = (page: Page, name: string) => page.screenshot({ path: `docs/images/${name}.png` })

/** The shop of the examples, all of it up, nothing moving. */
async function shop(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await openPage(page)
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Examples/ })
    .click()
  await page.getByRole('button', { name: /^A web shop in three tiers/ }).click()
  await setSpeed(page, 10)
  await expect(pods(page, 'web-')).toHaveCount(3)
  await expect(pods(page, 'catalog-')).toHaveCount(2)
  await expect(pods(page, 'db-')).toHaveCount(1)
  await expect(page.getByRole('button', { name: /^Service web, 3 of 3/ })).toBeVisible()
  await page.getByRole('button', { name: 'Put the lesson away' }).click()
}

const pause = (page: Page) => page.getByRole('button', { name: 'Pause', exact: true }).click()
const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

/** The hand rests where it lights nothing up, and notices have gone. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(720, 690)
  await page.waitForTimeout(900)
}

async function inBothThemes(page: Page, name: string): Promise<void> {
  await settle(page)
  await picture(page, `${name}-dark`)
  await page.getByRole('button', { name: /light/i }).click()
  await settle(page)
  await picture(page, `${name}-light`)
  await page.getByRole('button', { name: /dark/i }).click()
}

test('the page and its lenses', async ({ page }) => {
  await shop(page)
  await pause(page)
  await pods(page, 'web-').first().click()
  await inBothThemes(page, 'page')
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page.getByRole('tab', { name: '时间线' })).toBeVisible()
  await settle(page)
  await picture(page, 'page-zh')
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  for (const lens of ['Workloads', 'Network', 'Storage']) {
    await page.getByRole('tab', { name: lens }).click()
    await inBothThemes(page, `lens-${lens.toLowerCase()}`)
  }
})

test('a node fails, and the past is gone to', async ({ page }) => {
  await shop(page)
  await page.getByRole('button', { name: 'Actions for node-2' }).click()
  await page.getByRole('menuitem', { name: 'Unplug' }).click()
  await setSpeed(page, 100)
  await expect(page.getByRole('button', { name: /^Node node-2, Unplugged/ })).toBeVisible()
  // Five minutes of toleration, then the pods are replaced elsewhere.
  await expect(
    pods(page, 'web-', 'Terminating')
      .or(pods(page, 'db-', 'Terminating'))
      .first(),
  ).toBeVisible()
  await setSpeed(page, 1)
  await expect(page.getByRole('button', { name: /^Service web, 3 of/ })).toBeVisible()
  await pause(page)
  await pods(page, 'web-').first().click()
  await inBothThemes(page, 'node-failure')

  // In the middle of the outage the cable is put back in: another future.
  const moment = page.getByRole('slider', { name: 'Moment' })
  await moment.focus()
  await page.keyboard.press('[')
  await page.keyboard.press('[')
  await expect(page.getByRole('button', { name: 'Return to live' })).toBeVisible()
  await page.getByRole('button', { name: 'Actions for node-2' }).click()
  await page.getByRole('menuitem', { name: 'Plug in' }).click()
  await run(page)
  await setSpeed(page, 100)
  await expect(page.getByRole('button', { name: /^Node node-2, Ready/ })).toBeVisible()
  await pause(page)
  await page.getByRole('button', { name: 'Compare with A' }).click()
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await settle(page)
  await picture(page, 'futures-dark')
  await page.keyboard.press('Escape')
  await moment.focus()
  await page.keyboard.press('[')
  await inBothThemes(page, 'past')
})

test('what would come of it, before it is done', async ({ page }) => {
  await shop(page)
  await pause(page)
  const { x, y } = (await page
    .getByRole('group', { name: /node-2/ })
    .first()
    .boundingBox())!
  await page.mouse.move(x + 110, y + 10)
  await page.mouse.down()
  await page.mouse.move(x + 150, y + 190, { steps: 12 })
  await expect(page.getByRole('status').filter({ hasText: 'Let go to unplug node-2' })).toContainText(/move|wait|held/)
  await page.waitForTimeout(400)
  await picture(page, 'preview-dark')
  await page.mouse.move(x + 110, y + 10, { steps: 12 })
  await page.mouse.up()
})

test('why a pod waits', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await openPage(page)
  await setManifest(
    page,
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
spec:
  replicas: 9
  selector:
    matchLabels: { app: checkout }
  template:
    metadata:
      labels: { app: checkout }
    spec:
      containers:
        - name: checkout
          image: nginx
          resources:
            requests:
              cpu: 1500m
              memory: 256Mi
`,
  )
  await apply(page)
  await setSpeed(page, 10)
  await expect(pods(page, 'checkout-')).toHaveCount(8)
  await expect(pods(page, 'checkout-', 'Pending')).toHaveCount(1)
  await pods(page, 'checkout-', 'Pending').click()
  await page.getByRole('tab', { name: 'Why?' }).click()
  await expect(page.getByRole('button', { name: /^Edit line/ }).first()).toBeVisible()
  await pause(page)
  await inBothThemes(page, 'why')
})
