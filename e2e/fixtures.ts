import type { Page } from '@playwright/test'
import { expect, test as base } from '@playwright/test'

export { expect }

/** Every test fails on an error in the console, on an uncaught one, and on a request to another host. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ context, baseURL }, use) => {
      const complaints: string[] = []
      const watch = (page: Page) => {
        page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`))
        page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`))
      }
      context.pages().forEach(watch)
      context.on('page', watch)
      context.on('request', (request) => {
        const url = new URL(request.url())
        if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.origin !== new URL(baseURL ?? '').origin) {
          complaints.push(`request: ${request.url()}`)
        }
      })
      await use(complaints)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

/** Opens the page and waits until its cluster answers. */
export async function openPage(page: Page, path = '/'): Promise<void> {
  await page.goto(path)
  await ready(page)
}

/** The cluster is open and the editor is there. */
export async function ready(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^Node .*Ready/ }).first()).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('.monaco-editor .view-lines')).toBeVisible({ timeout: 60_000 })
}

/** Replaces the text of the open file, as a paste does. */
export async function setManifest(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-editor .view-lines').click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await page.evaluate((pasted) => {
    const data = new DataTransfer()
    data.setData('text/plain', pasted)
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    )
  }, text)
}

export async function apply(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Manifests' }).getByRole('button', { name: 'Apply', exact: true }).click()
}

/** Tiles of pods whose name begins so, in that state. */
export const pods = (page: Page, prefix: string, state = 'Running') =>
  page.locator(`[aria-label^="Pod ${prefix}"][aria-label$=", ${state}"]`)

/** Sets the speed by its menu. */
export async function setSpeed(page: Page, speed: number): Promise<void> {
  await page.getByRole('button', { name: /^Speed/ }).click()
  await page.getByRole('menuitemradio', { name: `${speed}×`, exact: true }).click()
}

/** What the clock says, in virtual milliseconds. */
export async function now(page: Page): Promise<number> {
  const text = (await page.getByRole('timer').textContent()) ?? ''
  const [, hours, minutes, seconds, ms] = /(\d+):(\d+):(\d+)\.(\d+)/.exec(text) ?? []
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms)
}

/** Two tiers of our own, with a claim and an ingress. */
export const twoTiers = `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: nginx
          image: nginx:1.29
          ports: [{ containerPort: 80 }]
          readinessProbe: { httpGet: { path: /, port: 80 } }
          resources: { requests: { cpu: 100m, memory: 64Mi } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: shop }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: shop }
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: postgres
          image: postgres:18
          env: [{ name: POSTGRES_PASSWORD, value: example }]
          ports: [{ containerPort: 5432 }]
          volumeMounts: [{ name: data, mountPath: /data }]
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: data }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
`
