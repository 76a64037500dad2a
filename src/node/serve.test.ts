import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { Agent, request as secureRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { serve, type ServeOptions, type Serving } from './serve.ts'

const directory = mkdtempSync(join(tmpdir(), 'kubecosm-test-'))
const page = join(directory, 'page')
let serving: Serving | undefined

beforeAll(() => {
  mkdirSync(page)
})
afterEach(async () => {
  await serving?.close()
  serving = undefined
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function open(more: Partial<ServeOptions> = {}): Promise<Serving> {
  serving = await serve({ port: 0, address: '127.0.0.1', nodes: 1, speed: 10, ...more })
  return serving
}

interface Got {
  readonly status: number
  readonly body: string
  readonly headers: Record<string, unknown>
}

function ask(
  { server, kubeconfig, token }: Serving,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; anonymous?: boolean } = {},
): Promise<Got> {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'))
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64')
  const headers = { ...(!options.anonymous && { authorization: `Bearer ${token}` }), ...options.headers }
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca, keepAlive: false, servername: 'localhost' })
    const sent = secureRequest(server + path, { method: options.method ?? 'GET', headers, agent }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(options.body)
  })
}

const create = (on: Serving, name: string) =>
  ask(on, '/api/v1/namespaces/default/configmaps', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { name }, data: { a: '1' } }),
  })
const exists = async (on: Serving, name: string) =>
  (await ask(on, `/api/v1/namespaces/default/configmaps/${name}`)).status === 200

describe('the API', () => {
  test('answers who shows the token, over TLS that the kubeconfig vouches for', async () => {
    const on = await open()
    expect((await ask(on, '/api/v1/nodes')).status).toBe(200)
    expect((await ask(on, '/api/v1/nodes', { anonymous: true })).status).toBe(403)
    expect((await ask(on, '/api/v1/nodes', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    expect(statSync(on.kubeconfig).mode & 0o077).toBe(0)
  })

  test.each([
    ['another host', { host: 'evil.example' }],
    ['another origin', { origin: 'http://evil.example' }],
  ])('refuses %s', async (_name, headers) => {
    expect((await ask(await open(), '/version', { headers })).status).toBe(403)
  })

  test('refuses what is too large, and lives on', async () => {
    const on = await open()
    const body = 'x'.repeat(4 * 1024 * 1024)
    const path = '/api/v1/namespaces/default/configmaps'
    // The answer comes before all is sent, so the sender may find the line cut.
    const got = await ask(on, path, { method: 'POST', body }).catch(() => undefined)
    expect(got?.status ?? 413).toBe(413)
    expect((await ask(on, '/version')).status).toBe(200)
  })

  test('streams a watch, and stops when its reader goes', async () => {
    const on = await open()
    const ca = Buffer.from(
      JSON.parse(readFileSync(on.kubeconfig, 'utf8')).clusters[0].cluster['certificate-authority-data'],
      'base64',
    )
    const seen = new Promise<string>((resolve, reject) => {
      const sent = secureRequest(
        `${on.server}/api/v1/namespaces/default/configmaps?watch=true`,
        { headers: { authorization: `Bearer ${on.token}` }, agent: new Agent({ ca }) },
        (response) => {
          let text = ''
          response.on('data', (chunk) => {
            text += chunk
            if (text.includes('"later"')) {
              resolve(text)
              sent.destroy()
            }
          })
        },
      )
      sent.on('error', reject)
      sent.end()
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await create(on, 'later')
    expect(await seen).toContain('"ADDED"')
  })

  test('a thousand requests at once are all answered', async () => {
    const on = await open()
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(on, '/version')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('junk on the line harms nobody', async () => {
    const on = await open()
    const port = Number(new URL(on.server).port)
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end('GET / HTTP/1.1\r\n\r\n'))
      socket.on('close', () => resolve())
      socket.on('error', () => resolve())
    })
    expect((await ask(on, '/version')).status).toBe(200)
  })
})

describe('the state', () => {
  test('is there again after an end and after a crash, for the same clients', async () => {
    const state = join(directory, 'kept.json')
    const first = await open({ state })
    await create(first, 'one')
    await first.close()
    const second = await open({ state })
    expect(await exists(second, 'one')).toBe(true)
    expect(second.token).toBe(first.token)
    await create(second, 'two')
    // What is there in the moment after the answer is what a crash leaves.
    const left = join(directory, 'crashed.json')
    for (const part of ['', '.credentials', '.journal']) writeFileSync(left + part, readFileSync(state + part))
    expect(readFileSync(left, 'utf8')).not.toContain('"two"')
    await second.close()
    const third = await open({ state: left })
    expect(await exists(third, 'two')).toBe(true)
  })

  test('that cannot be read is left where it is', async () => {
    const state = join(directory, 'broken.json')
    writeFileSync(state, '{"half')
    await expect(open({ state })).rejects.toThrow(/cannot be read.*Move the file away/)
    expect(readFileSync(state, 'utf8')).toBe('{"half')
  })
})

describe('the page', () => {
  const get = (url: string, headers: Record<string, string> = {}) =>
    new Promise<Got>((resolve, reject) => {
      const sent = plainRequest(url, { headers }, (response) => {
        let body = ''
        response.on('data', (chunk) => (body += chunk))
        response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }))
      })
      sent.on('error', reject)
      sent.end()
    })
  const openPage = async () => {
    writeFileSync(join(page, 'index.html'), '<p>page</p>')
    writeFileSync(join(directory, 'secret.txt'), 'secret')
    const on = await open({ page })
    return { on, root: on.page!.replace(/\/#.*$/, '') }
  }

  test('is served, and nothing beside it', async () => {
    const { root } = await openPage()
    expect(await get(`${root}/`)).toMatchObject({ status: 200, body: '<p>page</p>' })
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%00', '/%', '/none.js'])
      expect((await get(`${root}${path}`)).status, path).toBe(404)
    expect((await get(`${root}/`, { host: 'evil.example' })).status).toBe(403)
  })

  const bridge = (root: string, token: string, origin?: string) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${root.replace('http', 'ws')}/bridge`, ['kubecosm', token], {
        ...(origin !== undefined && { origin }),
      })
      socket.on('open', () => socket.send(JSON.stringify({ id: 1, request: { type: 'ping' } })))
      socket.on('message', (data) => {
        const message = JSON.parse(String(data))
        if (message.type !== 'answer') return
        resolve('answered')
        socket.close()
      })
      socket.on('error', () => resolve('refused'))
    })

  test('sees the cluster with the token, from its own origin only', async () => {
    const { on, root } = await openPage()
    expect(await bridge(root, on.token, root)).toBe('answered')
    expect(await bridge(root, 'f'.repeat(48), root)).toBe('refused')
    expect(await bridge(root, on.token, 'http://evil.example')).toBe('refused')
    expect(await bridge(root, on.token)).toBe('refused')
  })
})
