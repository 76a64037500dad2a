import { expect, test } from '@playwright/test'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'

interface Served {
  readonly server: string
  readonly page: string
  readonly kubeconfig: string
  readonly token: string
}

let child: ChildProcess
let served: Served

test.beforeAll(async () => {
  expect(spawnSync(process.execPath, ['scripts/build-node.mjs'], { stdio: 'inherit' }).status).toBe(0)
  child = spawn(process.execPath, ['dist-node/kubecosm.mjs', 'serve', '--port', '0', '--speed', '10', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  served = await new Promise((done, fail) => {
    let text = ''
    child.stdout!.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) done(JSON.parse(text))
    })
    child.on('exit', (code) => fail(new Error(`kubecosm serve ended with ${code}`)))
  })
})

test.afterAll(() => void child?.kill())

/** One request of a client beside the page. */
function call(method: string, path: string, body?: object): Promise<{ status: number; json: any }> {
  const config = JSON.parse(readFileSync(served.kubeconfig, 'utf8'))
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64')
  const headers = { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' }
  return new Promise((done, fail) => {
    const asked = request(`${served.server}${path}`, { method, ca, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => done({ status: response.statusCode!, json: JSON.parse(text) }))
    })
    asked.on('error', fail)
    asked.end(body && JSON.stringify(body))
  })
}

const deployments = '/apis/apps/v1/namespaces/default/deployments'
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] },
    },
  },
}

test('a page and a client of the API see the same cluster, live', async ({ page }) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(served.page)
  expect((await call('POST', deployments, web)).status).toBe(201)
  await expect(page.getByRole('button', { name: /^Pod web-.*, Running/ })).toHaveCount(3)
  // What is done on the page, the client sees.
  await page.getByRole('button', { name: 'Actions for node-1' }).click()
  await page.getByRole('menuitem', { name: 'Cordon' }).click()
  await expect.poll(async () => (await call('GET', '/api/v1/nodes/node-1')).json.spec.unschedulable).toBe(true)
  expect((await call('DELETE', `${deployments}/web`)).status).toBe(200)
  await expect(page.getByRole('button', { name: /^Pod web-/ })).toHaveCount(0)
  expect(errors).toEqual([])
})

test('with a wrong token a page is told so, and sees nothing', async ({ page }) => {
  await page.goto(served.page.replace(/#server=.*/, `#server=${'0'.repeat(32)}`))
  await expect(page.getByText(/The server does not answer/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /^Node / })).toHaveCount(0)
})
