import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { defaultShape } from '../../playground/model.ts'
import type { PlaygroundStorage, StoredPlayground } from './storage.ts'
import { openStorage } from './storage.ts'

const playground = (id: string): StoredPlayground => ({
  id,
  name: id,
  files: [{ name: 'a.yaml', text: 'kind: Pod' }],
  activeFile: 'a.yaml',
  applied: {},
  shape: defaultShape(),
  running: true,
  speed: 1,
  changedAt: 1,
})
const save = { snapshot: '{}', at: 5, journal: [], shape: defaultShape() }

async function keepsWhatItIsGiven(storage: PlaygroundStorage): Promise<void> {
  await storage.put(playground('a'))
  await storage.put(playground('b'))
  await storage.put({ ...playground('a'), name: 'renamed' })
  await storage.putSave('a', save)
  expect((await storage.list()).map((each) => each.name)).toEqual(['renamed', 'b'])
  expect(await storage.getSave('a')).toEqual(save)
  expect(await storage.getSave('b')).toBe(undefined)
  await storage.deleteSave('a')
  expect(await storage.getSave('a')).toBe(undefined)
  await storage.putSave('a', save)
  await storage.delete('a')
  expect([await storage.get('a'), await storage.getSave('a'), (await storage.list()).length]).toEqual([
    undefined,
    undefined,
    1,
  ])
}

test('the database keeps playgrounds and their saves', async () => {
  const { storage, isPersistent } = await openStorage()
  expect(isPersistent).toBe(true)
  await keepsWhatItIsGiven(storage)
})

test('without a database everything works and is said not to last', async () => {
  const database = globalThis.indexedDB
  Object.assign(globalThis, { indexedDB: undefined })
  const { storage, isPersistent } = await openStorage()
  Object.assign(globalThis, { indexedDB: database })
  expect(isPersistent).toBe(false)
  await keepsWhatItIsGiven(storage)
})
