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

const exported = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: { name: settings, namespace: default, uid: 6d0f, resourceVersion: "91", managedFields: [{ manager: kubectl }] }
  data: { color: red }
- apiVersion: v1
  kind: Pod
  metadata: { name: web-1, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: u, controller: true }] }
  spec: { containers: [{ name: a, image: "a:1" }] }
  status: { phase: Running }
`

test('a paste that came out of a cluster is cleaned up on request, and that can be undone', async ({ page }) => {
  await openPage(page)
  await setManifest(page, exported)
  await page.getByRole('button', { name: 'Clean it up' }).click()
  await expect(page.getByText('Cleaned up: 1 manifest')).toBeVisible()
  await expect(page.getByText('1 object that a controller makes was left out.')).toBeVisible()
  await expect(page.locator('.view-lines')).toContainText('color: red')
  await expect(page.locator('.view-lines')).not.toContainText('uid')
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await expect(page.locator('.view-lines')).toContainText('managedFields')
})

test('the cluster is exported as manifests, a kind config and a snapshot, and the snapshot opens again', async ({
  page,
}) => {
  await openPage(page)
  await setManifest(
    page,
    `${deployment(2, 'nginx:1.29')}---\napiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { token: hunter2 }\n`,
  )
  await apply(page)
  await expect(page.getByText('2 created')).toBeVisible()
  await page.getByRole('button', { name: 'Share' }).click()
  const saved = async (name: RegExp) => {
    const download = page.waitForEvent('download')
    await page.getByRole('region', { name: 'Export' }).getByRole('button', { name }).click()
    const file = await download
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
    return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks), text: Buffer.concat(chunks).toString() }
  }
  const manifests = await saved(/^Manifests \d/)
  expect(manifests.text).toContain('image: nginx:1.29')
  expect(manifests.text).not.toMatch(/hunter2|aHVudGVyMg|uid:|status:|ReplicaSet/)
  expect((await saved(/kind config/)).text).toContain('apiVersion: kind.x-k8s.io/v1alpha4')
  expect((await saved(/zip/)).bytes.subarray(0, 2).toString()).toBe('PK')
  const snapshot = await saved(/Snapshot file/)
  expect(snapshot.name).toMatch(/\.snapshot\.json$/)
  await page.keyboard.press('Escape')

  const drop = async (name: string, text: string) => {
    const transfer = await page.evaluateHandle(
      ([file, content]) => {
        const data = new DataTransfer()
        data.items.add(new File([content!], file!))
        return data
      },
      [name, text],
    )
    await page
      .getByRole('region', { name: 'Manifests' })
      .locator('.editor')
      .dispatchEvent('drop', { dataTransfer: transfer })
  }
  await drop('b.json', '{"kubecosmSnapshot":1,"snapshot":7}')
  await expect(page.getByText('This is not a snapshot that can be opened')).toBeVisible()
  await drop(snapshot.name, snapshot.text)
  // It comes paused, as it was when it was saved.
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  await expect(page.locator('[aria-label^="Pod web-"]')).toHaveCount(2)
})
