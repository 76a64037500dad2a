import { openDB } from 'idb'
import type { DBSchema, IDBPDatabase } from 'idb'
import type { Answers } from '../../bridge/protocol.ts'
import type { Camera, ClusterShape, PlaygroundFile } from '../../playground/model.ts'

/** What the browser keeps of a playground, besides the state of its cluster. */
export interface StoredPlayground {
  readonly id: string
  readonly name: string
  readonly files: readonly PlaygroundFile[]
  readonly activeFile: string
  /** Text of each file when it was last applied. */
  readonly applied: Readonly<Record<string, string>>
  readonly shape: ClusterShape
  readonly running: boolean
  readonly speed: number
  /** Id of the example it was made from, whose lesson is shown. */
  readonly example?: string
  readonly camera?: Camera
  readonly placements?: Readonly<Record<string, { readonly x: number; readonly y: number }>>
  /** Wall clock, for the order of the menu. */
  readonly changedAt: number
}

/** The state of its cluster, which is large and saved more often. */
export type StoredSave = Answers['snapshot']

interface Schema extends DBSchema {
  playgrounds: { key: string; value: StoredPlayground }
  saves: { key: string; value: StoredSave }
}

/** The browser's database of playgrounds. */
export interface PlaygroundStorage {
  list(): Promise<StoredPlayground[]>
  get(id: string): Promise<StoredPlayground | undefined>
  put(playground: StoredPlayground): Promise<void>
  getSave(id: string): Promise<StoredSave | undefined>
  putSave(id: string, save: StoredSave): Promise<void>
  /** Forgets the cluster's state: the next opening starts from the shape. */
  deleteSave(id: string): Promise<void>
  delete(id: string): Promise<void>
}

/** Opens the database; without one (a private window, a full disk) everything works but nothing outlives the page. */
export async function openStorage(): Promise<{ storage: PlaygroundStorage; isPersistent: boolean }> {
  try {
    const database = await openDB<Schema>('kubecosm', 1, {
      upgrade(db) {
        db.createObjectStore('playgrounds', { keyPath: 'id' })
        db.createObjectStore('saves')
      },
    })
    return { storage: inDatabase(database), isPersistent: true }
  } catch {
    return { storage: inMemory(), isPersistent: false }
  }
}

function inDatabase(database: IDBPDatabase<Schema>): PlaygroundStorage {
  return {
    list: () => database.getAll('playgrounds'),
    get: (id) => database.get('playgrounds', id),
    put: async (playground) => void (await database.put('playgrounds', playground)),
    getSave: (id) => database.get('saves', id),
    putSave: async (id, save) => void (await database.put('saves', save, id)),
    deleteSave: (id) => database.delete('saves', id),
    async delete(id) {
      await database.delete('saves', id)
      await database.delete('playgrounds', id)
    },
  }
}

function inMemory(): PlaygroundStorage {
  const playgrounds = new Map<string, StoredPlayground>()
  const saves = new Map<string, StoredSave>()
  return {
    list: async () => [...playgrounds.values()],
    get: async (id) => playgrounds.get(id),
    put: async (playground) => void playgrounds.set(playground.id, playground),
    getSave: async (id) => saves.get(id),
    putSave: async (id, save) => void saves.set(id, save),
    deleteSave: async (id) => void saves.delete(id),
    async delete(id) {
      playgrounds.delete(id)
      saves.delete(id)
    },
  }
}
