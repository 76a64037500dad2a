import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { apply, expect, openPage, pods, setManifest, setSpeed, test } from './fixtures.ts'

/** More CPU for each pod than four nodes of 4 have left for five of them. */
const tooLarge = `apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout, namespace: default }
spec:
  replicas: 5
  selector: { matchLabels: { app: checkout } }
  template:
    metadata: { labels: { app: checkout } }
    spec:
      containers:
        - name: checkout
          image: nginx:1.29
          ports: [{ containerPort: 80 }]
          resources:
            requests:
              cpu: 2500m # a lot
---
apiVersion: v1
kind: Service
metadata: { name: checkout, namespace: default }
spec:
  selector: { app: chekout }
  ports: [{ port: 80 }]
`

const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' })

async function open(page: Page, text: string): Promise<void> {
  await openPage(page)
  await setManifest(page, text)
  await setSpeed(page, 10)
  await apply(page)
}

async function choose(page: Page, tab: string): Promise<void> {
  await inspector(page).getByRole('tab', { name: tab }).click()
}

test('a pod that waits says why node by node; the smallest edit goes into the editor, can be undone, and helps', async ({
  page,
}) => {
  await open(page, tooLarge)
  await expect(pods(page, 'checkout-')).toHaveCount(4)
  await pods(page, 'checkout-', 'Pending').first().click()
  await choose(page, 'Why?')
  await expect(inspector(page).getByText('No node can take this pod.')).toBeVisible()
  await expect(inspector(page).getByText('4 lack CPU.')).toBeVisible()
  await expect(inspector(page).getByText('Wants 2.5 CPU, 1.5 free of 4')).toHaveCount(4)
  await expect(inspector(page).getByText(/^You applied/)).toBeVisible()

  const edit = inspector(page).getByRole('button', { name: 'Edit line 16: Lower cpu request to 1500m' })
  await edit.click()
  const lines = page.locator('.monaco-editor .view-lines').first()
  await expect(lines).toContainText('cpu: 1500m # a lot')
  // The editor has the focus, and its own undo takes the edit back.
  await page.keyboard.press('ControlOrMeta+z')
  await expect(lines).toContainText('cpu: 2500m # a lot')
  await page.keyboard.press('ControlOrMeta+Shift+z')
  await expect(lines).toContainText('cpu: 1500m # a lot')
  await apply(page)
  await expect(pods(page, 'checkout-')).toHaveCount(5)
})

test('what an unplugged node keeps pods from is told, and plugging it in is offered because it helps', async ({
  page,
}) => {
  await open(page, tooLarge.replace('replicas: 5', 'replicas: 4'))
  await expect(pods(page, 'checkout-')).toHaveCount(4)
  await page.getByRole('button', { name: 'Actions for node-2' }).click()
  await page.getByRole('menuitem', { name: 'Unplug' }).click()
  await page.getByRole('button', { name: /^Node node-2, Unplugged/ }).click()
  await choose(page, 'Why?')
  await expect(inspector(page).getByText('Its network cable is unplugged.')).toBeVisible()
  // Once it is missed, plugging it in makes a difference.
  await setSpeed(page, 100)
  const plug = inspector(page).getByRole('button', { name: 'Do: Plug node-2 back in' })
  await plug.focus()
  await page.keyboard.press('Enter')
  await expect(inspector(page).getByText('It is ready and takes pods.')).toBeVisible()
})

test('a Service that misses its pods by one letter is told of, with the line to edit', async ({ page }) => {
  await open(page, tooLarge)
  await expect(pods(page, 'checkout-')).toHaveCount(4)
  await page.getByRole('button', { name: /^Service checkout/ }).click()
  await choose(page, 'Why?')
  await expect(inspector(page).getByText('It selects nothing.')).toBeVisible()
  await expect(
    inspector(page).getByRole('button', { name: /^checkout-.* has app=checkout instead of chekout/ }),
  ).toBeVisible()
  await expect(inspector(page).getByText('Ready endpoints then: 4')).toBeVisible()
  await inspector(page).getByRole('button', { name: 'Edit line 22: Select app=checkout' }).click()
  await apply(page)
  await expect(inspector(page).getByText('It answers.')).toBeVisible()
})

test('the views of an object are gone through by keyboard, fit beside each other, and axe finds nothing', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await open(page, tooLarge)
  await pods(page, 'checkout-').first().click()
  const list = inspector(page).getByRole('tablist')
  await list.getByRole('tab', { name: 'Overview' }).focus()
  for (const name of ['Containers', 'YAML', 'Events', 'Logs', 'Why?']) {
    await page.keyboard.press('ArrowRight')
    await expect(list.getByRole('tab', { name })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(list.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true')
  }
  await expect(inspector(page).getByText('It is ready.')).toBeVisible()
  const clipped = await list.evaluate((element) => element.scrollWidth - element.clientWidth)
  expect(clipped).toBeLessThanOrEqual(0)
  for (const name of ['Overview', 'Containers', 'YAML', 'Events', 'Logs', 'Why?']) {
    await list.getByRole('tab', { name }).click()
    const { violations } = await new AxeBuilder({ page }).include('div.inspector').analyze()
    expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`)).toEqual([])
  }
})

const talker = `apiVersion: v1
kind: Pod
metadata: { name: talker, namespace: default }
spec:
  containers:
    - name: talker
      image: busybox:1.36
      command: [sh, -c, 'i=0; while true; do i=$((i+1)); echo "request $i"; [ $i = 3 ] && echo "ERROR <b>three</b>"; sleep 1; done']
`

test('logs are followed and searched; what a line says stays text', async ({ page }) => {
  await open(page, talker)
  await pods(page, 'talker').first().click()
  await choose(page, 'Logs')
  const log = inspector(page).getByRole('list', { name: 'Logs' })
  await expect(log).toContainText('request 5')
  await expect(log.getByRole('listitem').filter({ hasText: 'ERROR <b>three</b>' })).toContainText('E')
  await inspector(page).getByRole('searchbox', { name: 'Search the log' }).fill('request 2')
  await expect(inspector(page).getByText(/^1 of \d+$/)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(log.locator('mark').first()).toHaveText('request 2')
  await expect(inspector(page).getByRole('button', { name: 'Follow' })).toHaveAttribute('aria-pressed', 'false')
  const download = page.waitForEvent('download')
  await inspector(page).getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('talker-talker.log')
})

test('YAML is edited in place: what it would change is shown, and the server refuses on the line', async ({ page }) => {
  await open(page, tooLarge)
  await pods(page, 'checkout-').first().click()
  await inspector(page)
    .getByRole('button', { name: /^ReplicaSet checkout-/ })
    .click()
  await inspector(page).getByRole('button', { name: 'Deployment checkout' }).click()
  await choose(page, 'YAML')
  await inspector(page).getByRole('button', { name: 'Edit' }).click()
  const lines = inspector(page).locator('.view-lines').last()
  const write = async (text: string) => {
    await lines.click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.press('Delete')
    await page.evaluate((pasted) => {
      const data = new DataTransfer()
      data.setData('text/plain', pasted)
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      document.activeElement?.dispatchEvent(event)
    }, text)
  }
  const [deployment = ''] = tooLarge.split('---')
  await write(deployment.replace('replicas: 5', 'replicas: -2'))
  await inspector(page).getByRole('button', { name: 'Replace' }).click()
  await expect(inspector(page).getByRole('alert')).toContainText('spec.replicas: Invalid value: -2')
  await expect(inspector(page).locator('.squiggly-error').first()).toBeVisible()
  await write(deployment.replace('replicas: 5', 'replicas: 2'))
  await inspector(page).getByRole('button', { name: 'Diff' }).click()
  await expect(inspector(page).locator('.line-insert').first()).toBeVisible()
  await inspector(page).getByRole('button', { name: 'Replace' }).click()
  await expect(inspector(page).getByText('Replaced.')).toBeVisible()
  await expect(pods(page, 'checkout-')).toHaveCount(2)
})
