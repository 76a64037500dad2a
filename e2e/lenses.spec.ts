import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { apply, expect, openPage, pods, setManifest, setSpeed, test, twoTiers } from './fixtures.ts'

const graph = (page: Page) => page.getByRole('region', { name: 'Cluster', exact: true })
const lens = (page: Page, name: string) => graph(page).getByRole('tab', { name })
const card = (page: Page, name: RegExp) => graph(page).getByRole('button', { name })

async function openShop(page: Page, more = ''): Promise<void> {
  await openPage(page)
  await setManifest(page, twoTiers + more)
  await apply(page)
  await setSpeed(page, 10)
  await expect(pods(page, 'web-')).toHaveCount(3)
  await expect(pods(page, 'db-')).toHaveCount(1)
}

test('the same objects through four lenses, by keys and by tabs; the address keeps which', async ({ page }) => {
  await openShop(page)
  await graph(page).focus()
  await page.keyboard.press('2')
  await expect(lens(page, 'Workloads')).toHaveAttribute('aria-selected', 'true')
  await expect(card(page, /^Deployment web, ready, 3 of 3/)).toBeVisible()
  await expect(card(page, /^ReplicaSet web-/)).toBeVisible()
  await expect(card(page, /^PersistentVolumeClaim data/)).toBeVisible()
  await expect(pods(page, 'web-')).toHaveCount(3)
  expect(page.url()).toContain('lens=workloads')

  await lens(page, 'Workloads').press('ArrowRight')
  await expect(lens(page, 'Network')).toBeFocused()
  await expect(card(page, /^Ingress shop, shop\.example\.com/)).toBeVisible()
  await expect(card(page, /^Service web, 3 of 3 ready/)).toBeVisible()

  await lens(page, 'Storage').click()
  await expect(card(page, /^data, Bound/)).toBeVisible()
  await expect(card(page, /^StorageClass standard/)).toBeVisible()
  await page.reload()
  await expect(lens(page, 'Storage')).toHaveAttribute('aria-selected', 'true')
  await expect(card(page, /^data, Bound/)).toBeVisible()
})

test('a selection is kept from lens to lens, and a newcomer moves nobody', async ({ page }) => {
  await openShop(page)
  await lens(page, 'Workloads').click()
  const web = card(page, /^Deployment web/)
  await web.click()
  const before = (await web.boundingBox())!
  await lens(page, 'Network').click()
  await expect(card(page, /^Service web/)).toBeVisible()
  await lens(page, 'Workloads').click()
  await expect(web).toHaveAttribute('aria-pressed', 'true')
  await setManifest(
    page,
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: later, namespace: shop }\ndata: { a: b }\n',
  )
  await apply(page)
  await expect(card(page, /^ConfigMap later, 1 key/)).toBeVisible()
  await expect
    .poll(async () => {
      const [now, db] = [(await web.boundingBox())!, (await card(page, /^Deployment db/).boundingBox())!]
      return [Math.round(now.x - before.x), db.x === now.x]
    })
    .toEqual([0, true])
})

test('a Service that selects almost is joined to what it was meant for, with the reason', async ({ page }) => {
  const mail =
    'apiVersion: v1\nkind: Service\nmetadata: { name: mail, namespace: shop }\nspec:\n  selector: { app: wep }\n  ports: [{ port: 80 }]\n'
  await openShop(page, `---\n${mail}`)
  await lens(page, 'Network').click()
  await expect(graph(page).getByRole('note').filter({ hasText: 'Almost a match' })).toContainText(
    'Selects app=wep, these 3 pods have app=web',
  )
  await expect(card(page, /^Service mail, no endpoints/)).toBeVisible()
  await lens(page, 'Workloads').click()
  await card(page, /^Service mail/).hover()
  await expect(graph(page).getByRole('note').filter({ hasText: 'Almost a match' })).toBeVisible()
})

test('words, a namespace and a state dim the rest, are counted, walked through and kept in the address', async ({
  page,
}) => {
  await openShop(page)
  await graph(page).focus()
  await page.keyboard.press('/')
  const words = graph(page).getByRole('textbox', { name: 'Filter by name, label or kind' })
  await expect(words).toBeFocused()
  await page.keyboard.type('app=web')
  await expect(graph(page).getByText('3 matches')).toBeVisible()
  await expect(pods(page, 'web-').first()).not.toHaveClass(/faded/)
  await expect(pods(page, 'db-')).toHaveClass(/faded/)
  await page.keyboard.press('Enter')
  await expect(pods(page, 'web-').and(page.locator('[aria-pressed=true]'))).toHaveCount(1)
  expect(new URL(page.url()).searchParams.get('q')).toBe('app=web')
  await words.press('Escape')
  await expect(pods(page, 'db-')).not.toHaveClass(/faded/)

  await graph(page).getByRole('button', { name: 'State: Any state' }).click()
  await page.getByRole('menuitemradio', { name: /^Not running/ }).click()
  await expect(pods(page, 'db-')).toHaveClass(/faded/)
  await graph(page).getByRole('button', { name: 'Namespaces: All namespaces' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'shop' }).click()
  await page.keyboard.press('Escape')
  const { searchParams } = new URL(page.url())
  expect([searchParams.get('ns'), searchParams.get('state')]).toEqual(['shop', 'NotRunning'])
  await page.reload()
  await expect(graph(page).getByRole('button', { name: 'State: Not running' })).toBeVisible()
  await graph(page).getByRole('button', { name: 'Clear the filter Not running' }).click()
  await graph(page).getByRole('button', { name: 'Clear the filter shop' }).click()
  expect(new URL(page.url()).search).toBe('')
})

test('garbage in the address says nothing', async ({ page }) => {
  await openPage(page, '/?lens=moon&ns=No%20Name&state=%3Cscript%3E&q=%00')
  await expect(lens(page, 'Nodes')).toHaveAttribute('aria-selected', 'true')
  await expect(graph(page).getByRole('button', { name: 'State: Any state' })).toBeVisible()
})

test('arrows go from card to card; Enter selects, the menu key opens the menu, Escape leaves', async ({ page }) => {
  await openPage(page)
  const node = (name: string) => card(page, new RegExp(`^Node ${name}, `))
  await node('node-1').focus()
  await page.keyboard.press('ArrowDown')
  await expect(node('node-2')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(node('node-4')).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(node('node-3')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(node('node-3')).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menu', { name: 'Actions for node-3' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(node('node-3')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(node('node-3')).toHaveAttribute('aria-pressed', 'false')
})

test('layers are switched off and on', async ({ page }) => {
  await openShop(page)
  await lens(page, 'Workloads').click()
  await expect(card(page, /^Deployment web/)).toBeVisible()
  await expect(graph(page).locator('.edges .owner')).not.toHaveCount(0)
  await graph(page).getByRole('button', { name: 'Layers' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Ownership' }).click()
  await expect(graph(page).locator('.edges .owner')).toHaveCount(0)
  await expect(graph(page).locator('.edges .selector')).not.toHaveCount(0)
})

test('nodes and zones are added and resized from the page, and a zone is pulled out and put back', async ({ page }) => {
  await openPage(page)
  await graph(page).getByRole('button', { name: 'Add to the cluster' }).click()
  await page.getByRole('menuitem', { name: 'Add zone…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a zone' })
  await expect(dialog.getByLabel('Zone')).toHaveValue('zone-c')
  await dialog.getByLabel('CPU').fill('none')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('CPU is a quantity')
  await dialog.getByLabel('CPU').fill('2')
  await dialog.getByLabel('How many').fill('2')
  await page.keyboard.press('Enter')
  await expect(card(page, /^Node node-6, Ready/)).toBeVisible()

  await card(page, /^Node node-6/).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Resize…' }).click()
  await page.getByRole('dialog').getByLabel('CPU').fill('8')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  const zone = graph(page).getByRole('button', { name: 'Actions for zone zone-c' })
  const home = (await zone.boundingBox())!
  const drag = async (x: number, y: number) => {
    const box = (await zone.boundingBox())!
    await page.mouse.move(box.x + 12, box.y + 6)
    await page.mouse.down()
    await page.mouse.move(box.x + 12 + x / 2, box.y + 6 + y / 2, { steps: 4 })
    await page.mouse.move(box.x + 12 + x, box.y + 6 + y, { steps: 4 })
  }
  await drag(-330, 0)
  await expect(page.getByText('Let go to unplug zone zone-c')).toBeVisible()
  await page.mouse.up()
  await expect(card(page, /^Node node-5, (Unplugged|NotReady)/)).toBeVisible()
  await expect(card(page, /^Node node-6, (Unplugged|NotReady)/)).toBeVisible()
  await expect(card(page, /^Node node-1, Ready/)).toBeVisible()
  await zone.click()
  await page.getByRole('menuitem', { name: 'Plug in' }).click()
  await expect(card(page, /^Node node-5, Ready/)).toBeVisible()
  expect(home.x).toBeGreaterThan(0)
})

test('a part of the control plane is stopped and started by its menu', async ({ page }) => {
  await openPage(page)
  const scheduler = graph(page).getByRole('button', { name: 'Actions for Scheduler' })
  await scheduler.click()
  await page.getByRole('menuitem', { name: 'Stop', exact: true }).click()
  await expect(graph(page).getByText('stopped')).toBeVisible()
  await scheduler.click()
  await page.getByRole('menuitem', { name: 'Start', exact: true }).click()
  await expect(graph(page).getByText('stopped')).toHaveCount(0)
})

for (const theme of ['dark', 'light'] as const) {
  test(`nothing for axe to complain about in any lens, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openShop(page)
    for (const name of ['Nodes', 'Workloads', 'Network', 'Storage']) {
      await lens(page, name).click()
      await expect(card(page, name === 'Storage' ? /^data, Bound/ : /web/).first()).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).include('.graph').analyze()
      expect(
        violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
      ).toEqual([])
    }
    await graph(page).getByRole('textbox', { name: 'Filter by name, label or kind' }).fill('nothing')
    await lens(page, 'Workloads').click()
    await expect(graph(page).getByText('0 matches')).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).include('.graph').analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([])
  })
}
