import type { Locator, Page } from '@playwright/test'
import { apply, expect, openPage, pods, setManifest, setSpeed, test } from './fixtures.ts'

const web = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      # Short, so that the test need not wait five minutes for what the test of failover waits for anyway.
      tolerations:
        - { key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 20 }
        - { key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 20 }
      containers:
        - name: nginx
          image: nginx:1.29
          resources: { requests: { cpu: 100m } }
`

const graph = (page: Page) => page.getByRole('region', { name: 'Cluster', exact: true })
const card = (page: Page, name: string) => graph(page).getByRole('group', { name: `Node ${name}`, exact: true })
const nodeButton = (page: Page, name: string, state: string) =>
  card(page, name).getByRole('button', { name: new RegExp(`^Node ${name}, ${state}`) })

async function openWithWeb(page: Page, replicas = 4): Promise<void> {
  await openPage(page)
  await setManifest(page, web.replace('replicas: 4', `replicas: ${replicas}`))
  await apply(page)
  await setSpeed(page, 10)
  await expect(pods(page, 'web')).toHaveCount(replicas)
}

async function drag(page: Page, handle: Locator, to: { x: number; y: number }): Promise<void> {
  const box = (await handle.boundingBox())!
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + (to.x - from.x) / 2, from.y + (to.y - from.y) / 2, { steps: 6 })
  await page.mouse.move(to.x, to.y, { steps: 6 })
}

test('a node dragged out of the frame loses its cable and its pods; dragged back it heals', async ({ page }) => {
  await openWithWeb(page)
  const node = card(page, 'node-4')
  const home = (await node.boundingBox())!
  await drag(page, node.locator('.h'), { x: home.x + home.width / 2, y: home.y + home.height + 190 })
  await expect(page.getByText('Let go to unplug node-4')).toBeVisible()
  await page.mouse.up()
  await expect(nodeButton(page, 'node-4', 'Unplugged')).toBeVisible()

  await setSpeed(page, 100)
  await expect(nodeButton(page, 'node-4', 'NotReady')).toBeVisible()
  await expect(graph(page).getByRole('status')).toContainText('node-4 is NotReady')
  // The pods it had are replaced elsewhere; it cannot be told that they are to end.
  await expect
    .poll(
      async () =>
        (await pods(page, 'web').count()) -
        (await node.locator('[aria-label^="Pod web"][aria-label$=", Running"]').count()),
    )
    .toBe(4)

  // The view may have moved with the drag, so its own place is found by its neighbours: right of node-2, below node-3.
  const [left, above] = [(await card(page, 'node-2').boundingBox())!, (await card(page, 'node-3').boundingBox())!]
  await drag(page, node.locator('.h'), { x: above.x + above.width / 2, y: left.y + 20 })
  await page.mouse.up()
  await expect(nodeButton(page, 'node-4', 'Ready')).toBeVisible()
  await expect(pods(page, 'web')).toHaveCount(4)
})

test('a node let go on top of another one goes back to its own place, with its cable in', async ({ page }) => {
  await openWithWeb(page)
  const node = card(page, 'node-1')
  const home = (await node.boundingBox())!
  await drag(page, node.locator('.h'), { x: home.x + home.width / 2 + 4, y: home.y + home.height + 20 })
  expect((await node.boundingBox())!.y).toBeGreaterThan(home.y + 100)
  await page.mouse.up()
  await expect.poll(async () => Math.round((await node.boundingBox())!.y)).toBe(Math.round(home.y))
  await expect(nodeButton(page, 'node-1', 'Ready')).toBeVisible()
})

test('what the user moved stays where it was put, over a reload too', async ({ page }) => {
  await openPage(page)
  await setManifest(page, 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 80 }] }\n')
  await apply(page)
  const service = graph(page).getByRole('button', { name: /^Service web/ })
  await expect(service).toBeVisible()
  const home = (await service.boundingBox())!
  await drag(page, service, { x: home.x + home.width / 2, y: home.y + 160 })
  await page.mouse.up()
  const moved = (await service.boundingBox())!
  expect(moved.y).toBeGreaterThan(home.y + 100)
  // A playground is written a moment after it changed.
  await page.waitForTimeout(1500)
  await page.reload()
  await expect.poll(async () => Math.round((await service.boundingBox())?.y ?? 0)).toBe(Math.round(moved.y))
})

test('the keyboard does what a drag does: the node’s menu', async ({ page }) => {
  await openWithWeb(page)
  const menuButton = card(page, 'node-2').getByRole('button', { name: 'Actions for node-2' })
  await menuButton.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu', { name: 'Actions for node-2' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(
    page
      .getByRole('menuitem', { name: 'Power off' })
      .or(page.getByRole('menuitem', { name: 'Unplug' }))
      .first(),
  ).toBeVisible()
  await page.getByRole('menuitem', { name: 'Unplug' }).focus()
  await page.keyboard.press('Enter')
  await expect(nodeButton(page, 'node-2', 'Unplugged')).toBeVisible()
  await expect(menuButton).toBeFocused()

  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Plug in' }).focus()
  await page.keyboard.press('Enter')
  await expect(nodeButton(page, 'node-2', 'Ready')).toBeVisible()

  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Cordon' }).focus()
  await page.keyboard.press('Enter')
  await expect(nodeButton(page, 'node-2', 'Cordoned')).toBeVisible()
})

test('a pod’s menu deletes it, and it is replaced', async ({ page }) => {
  await openWithWeb(page)
  const first = pods(page, 'web').first()
  const label = (await first.getAttribute('aria-label'))!
  await first.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.locator(`[aria-label="${label}"]`)).toHaveCount(0)
  await expect(pods(page, 'web')).toHaveCount(4)
})

test('a pod that is chosen is shown in the inspector, and its node from there', async ({ page }) => {
  await openWithWeb(page)
  const inspector = page.getByRole('region', { name: 'Inspector' })
  await pods(page, 'web').first().click()
  await expect(inspector.getByRole('heading', { name: /^web-/ })).toBeVisible()
  await expect(inspector.getByText('Running').first()).toBeVisible()
  await inspector.getByRole('tab', { name: 'YAML' }).click()
  await expect(inspector.locator('pre')).toContainText('kind: Pod')
  await inspector.getByRole('tab', { name: 'Why?' }).click()
  await expect(inspector.getByText('It is ready.')).toBeVisible()
  await inspector.getByRole('tab', { name: 'Overview' }).click()
  await inspector.getByRole('button', { name: /^node-\d$/ }).click()
  await expect(inspector.getByRole('heading', { name: /^node-\d$/ })).toBeVisible()
})

test('the arrow keys walk over a node’s pods', async ({ page }) => {
  await openWithWeb(page, 8)
  // Eight pods on four nodes: at least one node has two.
  const tiles = graph(page)
    .getByRole('group')
    .filter({ has: page.locator('.tiles .pod ~ .pod') })
    .first()
    .locator('.tiles')
    .getByRole('button')
  await tiles.nth(0).focus()
  await page.keyboard.press('ArrowRight')
  await expect(tiles.nth(1)).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(tiles.nth(0)).toBeFocused()
})

test('with reduced motion nothing flies; what is new keeps an outline', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openPage(page)
  await page.evaluate(() => {
    const seen = { flights: 0, fresh: 0 }
    Object.assign(window, { seen })
    new MutationObserver(() => {
      seen.flights = Math.max(seen.flights, document.querySelectorAll('.flyer').length)
      seen.fresh = Math.max(seen.fresh, document.querySelectorAll('.pod.fresh').length)
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] })
  })
  await setManifest(page, web)
  await apply(page)
  await expect(pods(page, 'web')).toHaveCount(4)
  const seen = await page.evaluate(() => (window as unknown as { seen: { flights: number; fresh: number } }).seen)
  expect(seen.flights).toBe(0)
  expect(seen.fresh).toBeGreaterThan(0)
})

test('pods fly from the queue to their nodes', async ({ page }) => {
  await openPage(page)
  await page.evaluate(() => {
    const seen = { flights: 0 }
    Object.assign(window, { seen })
    new MutationObserver(() => {
      seen.flights = Math.max(seen.flights, document.querySelectorAll('.flyer').length)
    }).observe(document.body, { childList: true, subtree: true })
  })
  await setManifest(page, web)
  await apply(page)
  await expect(pods(page, 'web')).toHaveCount(4)
  expect(await page.evaluate(() => (window as unknown as { seen: { flights: number } }).seen.flights)).toBeGreaterThan(
    0,
  )
})
