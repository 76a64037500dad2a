import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { apply, expect, openPage, pods, ready, setManifest, test } from './fixtures.ts'

const box = `apiVersion: v1
kind: Pod
metadata: { name: box }
spec: { containers: [{ name: box, image: "busybox:1.36", command: [sleep, "3600"] }] }
`

const screen = (page: Page) => page.locator('.xterm-rows')

async function openTerminal(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Terminal' }).click()
  await expect(screen(page)).toContainText('kubectl speaks')
}

test('kubectl applies the editor’s file, lists, scales and completes, and says what it cannot do', async ({ page }) => {
  await openPage(page)
  await setManifest(page, box)
  await openTerminal(page)
  await page.keyboard.type('kubectl apply -f manifests.yaml\n')
  await expect(screen(page)).toContainText('pod/box created')
  await page.keyboard.type('get pod b')
  await page.keyboard.press('Tab')
  await page.keyboard.type('-w\n')
  await expect(screen(page)).toContainText(/box\s+1\/1\s+Running/)
  await page.keyboard.press('Control+C')
  await page.keyboard.type('create deployment web --image=nginx:1.29 --replicas=2\n')
  await expect(screen(page)).toContainText('deployment.apps/web created')
  await page.keyboard.type('rollout status deploy/web\n')
  await expect(screen(page)).toContainText('successfully rolled out')
  await page.keyboard.type('clear\n')
  await page.keyboard.type('port-forward svc/web 80\n')
  await expect(screen(page)).toContainText('kubecosm serve')
  await page.keyboard.press('ArrowUp')
  await expect(screen(page)).toContainText(/\$ port-forward svc\/web 80[\s\S]*\$ port-forward svc\/web 80/)
  expect((await new AxeBuilder({ page }).include('.terminals').analyze()).violations).toEqual([])
})

test('a shell in a container answers, and a link that holds what was typed gives the same files', async ({
  page,
  browser,
}) => {
  await openPage(page)
  await setManifest(page, box)
  await apply(page)
  await expect(pods(page, 'box')).toHaveCount(1)
  await openTerminal(page)
  await page.keyboard.type('exec -it box -- sh\n')
  await expect(page.getByRole('button', { name: 'Close box' })).toBeVisible()
  await expect(screen(page)).toContainText('/ #')
  await page.keyboard.type('echo kept > /tmp/note\n')
  await page.keyboard.type('wc -c < /tmp/note\n')
  await expect(screen(page)).toContainText('/tmp/note5')
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()

  const stranger = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const other = await stranger.newPage()
  await other.goto(link)
  await ready(other)
  await other.getByRole('button', { name: 'Run', exact: true }).click()
  await openTerminal(other)
  await other.keyboard.type('exec -it box -- cat /tmp/note\n')
  await expect(screen(other)).toContainText('kept')
  await expect(screen(other)).toContainText('The session has ended, exit code 0.')
  await stranger.close()
})

test('terminals keep their screens while others are shown; while time stands still a shell says so', async ({
  page,
}) => {
  await openPage(page)
  await setManifest(page, box)
  await apply(page)
  await expect(pods(page, 'box')).toHaveCount(1)
  await openTerminal(page)
  await page.keyboard.type('exec -it box -- sh\n')
  await expect(screen(page)).toContainText('/ #')
  await page.getByRole('button', { name: 'kubectl', exact: true }).click()
  await expect(screen(page)).toContainText('exec -it box')
  await page.getByRole('tab', { name: /^Events/ }).click()
  await page.getByRole('tab', { name: 'Terminal' }).click()
  await expect(screen(page)).toContainText('exec -it box')
  await page.getByRole('button', { name: 'box', exact: true }).click()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText('Time stands still')).toBeVisible()
  await page.getByRole('button', { name: 'Close box' }).click()
  await expect(page.getByRole('button', { name: 'box', exact: true })).toBeHidden()
})

test('what the cluster holds is text: a log cannot clear the screen or speak to the terminal', async ({ page }) => {
  await openPage(page)
  await setManifest(
    page,
    `apiVersion: v1
kind: Pod
metadata: { name: loud }
spec:
  restartPolicy: Never
  containers:
    - name: a
      image: busybox:1.36
      command: [sh, -c, 'printf "before\\033[2J\\033]0;owned\\007after\\n"']
`,
  )
  await apply(page)
  await expect(pods(page, 'loud', 'Completed')).toHaveCount(1)
  await openTerminal(page)
  await page.keyboard.type('logs loud\n')
  await expect(screen(page)).toContainText('kubectl speaks')
  await expect(screen(page)).toContainText(/before.*\[2J.*after/)
})

test('a shell is opened from a pod’s menu, from its containers and from the palette', async ({ page }) => {
  await openPage(page)
  await setManifest(page, box)
  await apply(page)
  await expect(pods(page, 'box')).toHaveCount(1)
  await pods(page, 'box').focus()
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Open a shell' }).click()
  await expect(screen(page)).toContainText('/ #')
  await page.getByRole('button', { name: 'Close box' }).click()

  await pods(page, 'box').click()
  await page.getByRole('tab', { name: /^Containers/ }).click()
  await page.getByRole('button', { name: 'Shell in box' }).click()
  await expect(page.getByRole('button', { name: 'Close box' })).toHaveCount(1)
  await expect(screen(page)).toContainText('/ #')

  await page.getByRole('button', { name: 'Find or do' }).click()
  await page.getByRole('combobox').fill('shell box')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Close box' })).toHaveCount(2)
})
