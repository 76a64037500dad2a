import { expect, test } from 'vitest'
import { Host } from './host.ts'
import type { Answers, HostMessage, JournalEntry } from './protocol.ts'

const shape = { name: 'c', seed: 1, machines: [{ name: 'n', zone: 'z', cpu: '4', memory: '8Gi' }] }

function page() {
  const host = new Host({ now: () => 0, later: () => {} })
  const waiting = new Map<number, (answer: unknown) => void>()
  const view = host.connect((message: HostMessage) => {
    if (message.type === 'answer') waiting.get(message.id)?.(message.answer)
  })
  let id = 0
  const ask = (request: any): Promise<any> =>
    new Promise((done) => {
      waiting.set(++id, done)
      host.receive({ id, request }, view)
    })
  return { host, ask }
}

const path = '/api/v1/namespaces/default/configmaps'
const body = JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { k: 'v' } })

test('the page speaks HTTP with its own cluster, and what it wrote is replayed', async () => {
  const { ask } = page()
  await ask({ type: 'open', playground: { shape } })
  const made: Answers['http'] = await ask({
    type: 'http',
    method: 'POST',
    path,
    contentType: 'application/json',
    body,
  })
  expect(made.status).toBe(201)
  const missing: Answers['http'] = await ask({ type: 'http', method: 'GET', path: `${path}/b` })
  expect([missing.status, JSON.parse(missing.body).message]).toEqual([404, 'configmaps "b" not found'])
  await ask({ type: 'http', method: 'DELETE', path: `${path}/a?dryRun=All` })
  const { journal }: { journal: readonly JournalEntry[] } = await ask({ type: 'snapshot' })
  expect(journal.map(({ action }) => action.type)).toEqual(['request'])

  const other = page()
  await other.ask({ type: 'open', playground: { shape, journal } })
  const found: Answers['http'] = await other.ask({ type: 'http', method: 'GET', path: `${path}/a` })
  expect(JSON.parse(found.body).data).toEqual({ k: 'v' })
})
