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

test('a selector that misses by a letter is hinted at, counted, and mended by its quick fix', async ({ page }) => {
  await openPage(page)
  await setManifest(
    page,
    `${deployment(1, 'nginx:1.29')}---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  ports: [{ port: 80 }]
  selector:
    app: wbe
`,
  )
  await page.getByRole('button', { name: '1 hint' }).click()
  await page.keyboard.press('End')
  await page.keyboard.press('Control+.')
  await expect(page.getByRole('option', { name: /Change to web/ }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.locator('.view-lines')).toContainText('app: web')
  await expect(page.getByRole('button', { name: /hints?$/ })).toBeHidden()
})

test('completion knows the kinds that a CustomResourceDefinition adds', async ({ page }) => {
  await openPage(page)
  await setManifest(
    page,
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget, listKind: WidgetList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { sprocketCount: { type: integer, description: How many. } } }
`,
  )
  await apply(page)
  await expect(page.getByText('1 created')).toBeVisible()
  await setManifest(page, 'apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: a\nspec:\n  ')
  await page.keyboard.press('ControlOrMeta+End')
  await expect(async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Space')
    await expect(page.locator('.suggest-widget')).toContainText('sprocketCount', { timeout: 3_000 })
  }).toPass({ timeout: 30_000 })
})
