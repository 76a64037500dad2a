import { apply, expect, openPage, pods, setManifest, setSpeed, test } from './fixtures.ts'

const web = (replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx }] }
`

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openPage(page)
  await setManifest(page, web(3))
  await apply(page)
  await setSpeed(page, 10)
  await expect(pods(page, 'web-', 'Running')).toHaveCount(3)
  await setSpeed(page, 1)
})

test('the moment is moved by keys, the page shows it, and comes back to the end', async ({ page }) => {
  const moment = page.getByRole('slider', { name: 'Moment' })
  await moment.focus()
  await page.keyboard.press('Home')
  await expect(pods(page, 'web-')).toHaveCount(0)
  await expect(page.getByText(/before live$/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  await page.keyboard.press('End')
  await expect(pods(page, 'web-', 'Running')).toHaveCount(3)
  await expect(page.getByRole('button', { name: 'Return to live' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
})

test('the moment is dragged along the ruler', async ({ page }) => {
  const moment = page.getByRole('slider', { name: 'Moment' })
  const { x, y } = (await moment.boundingBox())!
  const { x: start } = (await page.locator('.time-track').boundingBox())!
  await page.mouse.move(x + 20, y + 8)
  await page.mouse.down()
  await page.mouse.move((x + start) / 2, y + 8, { steps: 8 })
  await page.mouse.move(start + 2, y + 8, { steps: 8 })
  await page.mouse.up()
  await expect(pods(page, 'web-')).toHaveCount(0)
  await page.getByRole('button', { name: 'Return to live' }).click()
  await expect(pods(page, 'web-', 'Running')).toHaveCount(3)
})

test('an action in the past makes another future; both are compared and gone between', async ({ page }) => {
  await page.getByRole('button', { name: 'Step back' }).click()
  await expect(page.getByRole('button', { name: 'Return to live' })).toBeVisible()
  await setManifest(page, web(1))
  await apply(page)
  await setSpeed(page, 10)
  await expect(page.getByRole('button', { name: 'Compare with A' })).toBeVisible()
  await expect(pods(page, 'web-', 'Running')).toHaveCount(1)
  await page.getByRole('button', { name: 'Compare with A' }).click()
  await expect(page.getByRole('row', { name: /deployments web/ })).toBeVisible()
  await page.getByRole('button', { name: 'Go to A' }).click()
  await expect(pods(page, 'web-', 'Running')).toHaveCount(3)
  await expect(page.getByRole('button', { name: 'Compare with B' })).toBeVisible()
})

test('the last action is taken back by a key, and done again', async ({ page }) => {
  await page.getByRole('button', { name: 'Actions for node-2' }).click()
  await page.getByRole('menuitem', { name: 'Unplug' }).click()
  await expect(page.getByRole('button', { name: /^Node node-2, Unplugged/ })).toBeVisible()
  await page.getByRole('button', { name: /^Node node-1/ }).focus()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByRole('button', { name: /^Node node-2, Ready/ })).toBeVisible()
  await page.getByRole('button', { name: 'Do it again' }).click()
  await expect(page.getByRole('button', { name: /^Node node-2, Unplugged/ })).toBeVisible()
})

test('what was done is still there after a reload, and so is the past', async ({ page }) => {
  await page.waitForTimeout(600)
  await page.reload()
  await expect(pods(page, 'web-', 'Running')).toHaveCount(3)
  await expect(page.getByRole('button', { name: /^apply .*, at/ })).toBeVisible()
  await page.getByRole('slider', { name: 'Moment' }).focus()
  await page.keyboard.press('Home')
  await expect(pods(page, 'web-')).toHaveCount(0)
})

test('a node held over the edge shows what letting go would do, and nothing is done when it is put back', async ({
  page,
}) => {
  const card = page.getByRole('group', { name: /node-2/ }).first()
  const { x, y } = (await card.boundingBox())!
  await page.mouse.move(x + 110, y + 10)
  await page.mouse.down()
  await page.mouse.move(x + 110, y + 400, { steps: 12 })
  await expect(page.getByRole('status').filter({ hasText: 'Let go to unplug node-2' })).toContainText(
    /move|wait|Nothing/,
  )
  await page.mouse.move(x + 110, y + 10, { steps: 12 })
  await page.mouse.up()
  await expect(page.getByRole('button', { name: /^Node node-2, Ready/ })).toBeVisible()
})
