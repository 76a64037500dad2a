import { apply, expect, openPage, pods, setManifest, setSpeed, test } from './fixtures.ts'

const mixed = `apiVersion: v1
kind: ConfigMap
metadata:
  name: fine
data: { a: b }
---
apiVersion: example.com/v1
kind: Widget
metadata:
  name: unknown
---
apiVersion: v1
kind: Pod
metadata:
  name: typo
spec:
  containers:
    - name: a
      image: nginx:1.29
      portz: []
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: Not_Valid
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      containers: [{ name: a, image: nginx:1.29 }]
---
apiVersion: v1
kind: Pod
metadata:
  name: good
spec:
  containers: [{ name: a, image: nginx:1.29 }]
`

/** Lines on which the editor has a squiggle, by their text. */
async function markedLines(page: import('@playwright/test').Page): Promise<string[]> {
  return page.evaluate(() => {
    const tops = [...document.querySelectorAll<HTMLElement>('.monaco-editor .squiggly-error')].map(
      (mark) => mark.getBoundingClientRect().top,
    )
    const lines = [...document.querySelectorAll<HTMLElement>('.monaco-editor .view-line')]
    return lines
      .filter((line) => {
        const { top, bottom } = line.getBoundingClientRect()
        return tops.some((each) => each >= top - 1 && each < bottom)
      })
      .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' ').trim())
  })
}

test('an unknown kind, a wrong field and an invalid name are marked on their lines; the rest is applied', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 1400 })
  await openPage(page)
  await setManifest(page, mixed)
  await apply(page)
  await expect(page.getByText('2 created, 3 not applied')).toBeVisible()
  await expect
    .poll(() => markedLines(page))
    .toEqual(expect.arrayContaining(['kind: Widget', 'portz: []', 'name: Not_Valid']))
  await expect(page.locator('.errblock').filter({ hasText: 'portz' })).toBeVisible()
  await setSpeed(page, 10)
  await expect(pods(page, 'good')).toHaveCount(1)
  await page.getByRole('tab', { name: /^Problems/ }).click()
  await expect(page.getByRole('button', { name: /Not_Valid/ }).first()).toBeVisible()
})

test('bad YAML is marked while typing, and what was typed stays', async ({ page }) => {
  await openPage(page)
  await setManifest(page, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: [oops\n')
  await expect(page.locator('.squiggly-error').first()).toBeVisible()
  await apply(page)
  await expect(page.getByText('1 not applied')).toBeVisible()
  await expect(page.locator('.view-lines')).toContainText('oops')
})

test('completion and hover know Kubernetes', async ({ page }) => {
  await openPage(page)
  await setManifest(page, 'apiVersion: v1\nkind: Pod\nspec:\n  ')
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.press('Control+Space')
  await expect(page.locator('.suggest-widget')).toContainText('activeDeadlineSeconds', { timeout: 30_000 })
})

test('files are added, renamed and removed; each is applied by itself or all together', async ({ page }) => {
  const editor = page.getByRole('region', { name: 'Manifests' })
  await openPage(page)
  await setManifest(page, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\n')
  await editor.getByRole('button', { name: 'New file' }).click()
  await expect(editor.getByRole('button', { name: 'new.yaml', exact: true })).toBeVisible()
  await setManifest(page, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: two }\n')
  await editor.getByRole('button', { name: 'Menu of new.yaml' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await editor.getByRole('textbox', { name: 'New name of new.yaml' }).fill('two.yaml')
  await page.keyboard.press('Enter')
  await expect(editor.getByRole('button', { name: /^two.yaml/ })).toBeVisible()
  await editor.getByRole('button', { name: 'Apply all' }).click()
  await expect(editor.getByRole('button', { name: 'Apply all' })).toBeHidden()
  await expect(editor.getByText('1 created')).toBeVisible()
  await editor.getByRole('button', { name: 'Menu of two.yaml' }).click()
  await page.getByRole('menuitem', { name: 'Remove from the editor' }).click()
  await expect(editor.getByRole('button', { name: /^two.yaml/ })).toBeHidden()
})

test('dropped files are taken in', async ({ page }) => {
  await openPage(page)
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['apiVersion: v1\nkind: ConfigMap\nmetadata: { name: dropped }\n'], 'dropped.yaml'))
    return data
  })
  await page
    .getByRole('region', { name: 'Manifests' })
    .locator('.editor')
    .dispatchEvent('drop', { dataTransfer: transfer })
  await expect(page.getByRole('button', { name: /^dropped.yaml/ })).toBeVisible()
  await expect(page.locator('.view-lines')).toContainText('dropped')
})

test('a kind that nothing acts on is stored, and the editor says so', async ({ page }) => {
  await openPage(page)
  await setManifest(
    page,
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed }
spec: { podSelector: {} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
`,
  )
  await apply(page)
  await expect(page.locator('.lens').filter({ hasText: 'NetworkPolicy default/closed · created' })).toContainText(
    'stored only',
  )
  await expect(page.locator('.lens').filter({ hasText: 'ConfigMap default/settings' })).not.toContainText('stored only')
})

test('after a very long line the next text is in sight', async ({ page }) => {
  await openPage(page)
  const insert = async (text: string) => {
    await page.locator('.monaco-editor .view-lines').click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.insertText(text)
  }
  await insert(`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: long }\ndata: { a: "${'long '.repeat(80)}" }\n`)
  await insert('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: short }\n')
  const inset = () =>
    page.evaluate(() => {
      const lines = [...document.querySelectorAll('.monaco-editor .view-line')]
      const line = lines.find(({ textContent }) => textContent?.replaceAll('\u00a0', ' ').includes('name: short'))
      const editor = document.querySelector('.monaco-editor')
      return line && editor && line.getBoundingClientRect().left - editor.getBoundingClientRect().left
    })
  await expect.poll(inset).toBeGreaterThanOrEqual(0)
})
