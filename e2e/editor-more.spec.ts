import AxeBuilder from '@axe-core/playwright'
import { apply, expect, openPage, setManifest, test } from './fixtures.ts'

const deployment = (replicas: number, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: nginx, image: "${image}" }]
`

test('before an apply, the diff shows what it would change, and applies it', async ({ page }) => {
  await openPage(page)
  await setManifest(page, deployment(2, 'nginx:1.28'))
  await apply(page)
  await expect(page.getByText('1 created')).toBeVisible()
  await setManifest(
    page,
    `${deployment(3, 'nginx:1.29')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: fresh }\n`,
  )
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  const dialog = page.getByRole('dialog', { name: /What applying manifests.yaml would change/ })
  await expect(dialog.getByText('1 new')).toBeVisible()
  await expect(dialog.getByText('1 would change')).toBeVisible()
  await expect(dialog.locator('.editor.original')).toContainText('nginx:1.28')
  await expect(dialog.locator('.editor.modified')).toContainText('nginx:1.29')
  // Defaults of the server are nobody's business here.
  await expect(dialog.locator('.editor.modified')).not.toContainText('revisionHistoryLimit')
  expect(
    (await new AxeBuilder({ page }).include('.dialog.diff').exclude('.monaco-diff-editor').analyze()).violations,
  ).toEqual([])
  await dialog.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.getByText('1 created, 1 configured')).toBeVisible()
  await page.getByRole('button', { name: 'Diff', exact: true }).click()
  await expect(dialog.getByText('The cluster is already as the file says.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})
