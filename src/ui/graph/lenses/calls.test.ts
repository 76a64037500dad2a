import { expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import { calledServices } from './calls.ts'
import type { Tables } from './scene.ts'

const table = (...objects: [string, object][]) => ({
  byKey: new Map(objects.map(([key, object]) => [key, object as KubeObject])),
  keys: objects.map(([key]) => key),
})
const tables: Tables = {
  services: table(['shop/db', {}], ['shop/web', {}], ['data/pg', {}]),
  configmaps: table(['shop/web', { data: { DATABASE_HOST: 'pg.data.svc.cluster.local', COLOUR: 'web' } }]),
}
const env = (name: string, value: string) => ({ containers: [{ env: [{ name, value }] }] })

test.each([
  ['a host in a variable', env('DB_HOST', 'db'), ['shop/db']],
  ['a URL', env('X', 'http://web/orders'), ['shop/web']],
  ['credentials before it', env('DSN', 'postgres://me:secret@pg.data:5432/shop'), ['data/pg']],
  ['a port behind it', env('X', 'db:5432'), ['shop/db']],
  ['a full name', env('X', 'db.shop.svc.cluster.local'), ['shop/db']],
  [
    'a command',
    { containers: [{ command: ['sh', '-c', 'wget -qO- http://web; nc db 5432'] }] },
    ['shop/web', 'shop/db'],
  ],
  ['a ConfigMap', { containers: [{ envFrom: [{ configMapRef: { name: 'web' } }] }] }, ['data/pg']],
  ['a word that is no host', env('COLOUR', 'web'), []],
  ['a service that is not there', env('DB_HOST', 'mysql'), []],
])('%s', (_, spec, keys) => {
  expect(calledServices({ spec }, 'shop', tables)).toEqual(keys)
})

test('an annotation says whom a program calls that nobody has', () => {
  const metadata = { annotations: { 'kubecosm.dev/calls': 'web, http://pg.data:5432/x' } }
  expect(calledServices({ metadata }, 'shop', tables)).toEqual(['shop/web', 'data/pg'])
})
