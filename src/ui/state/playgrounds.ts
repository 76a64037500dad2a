import i18next from 'i18next'
import { create } from 'zustand'
import { createWorkerConnection } from '../../bridge/connection.ts'
import { openSocketPort } from '../../bridge/socket-port.ts'
import type { Connection, OpenPlayground } from '../../bridge/protocol.ts'
import type { Playground } from '../../playground/model.ts'
import { defaultShape, engineVersion, playgroundVersion } from '../../playground/model.ts'
import { setPlacements, usePlacements } from '../graph/placements.ts'
import { clusterStore, emptyCluster } from './cluster-store.ts'
import { loadFiles, useFiles } from './files-store.ts'
import { recallLastOpened, rememberLastOpened } from './last-opened.ts'
import { notify } from './notices.ts'
import type { SnapshotFile } from '../../playground/snapshot-file.ts'
import type { Ownership } from './ownership.ts'
import { own } from './ownership.ts'
import { select, setCamera, usePage } from './page-store.ts'
import { serverToken } from './served.ts'
import { connect, request } from './session.ts'
import type { PlaygroundStorage, StoredPlayground, StoredSave } from './storage.ts'
import { openStorage } from './storage.ts'

interface PlaygroundsState {
  readonly current: StoredPlayground | null
  /** All of them, the last changed first. */
  readonly list: readonly StoredPlayground[]
  readonly isOpening: boolean
}

/** The playgrounds of this browser, and the one that this tab has open. */
export const usePlaygrounds = create<PlaygroundsState>()(() => ({ current: null, list: [], isOpening: true }))

/** Files and camera of a page that shows a server's cluster; the cluster itself is the server's to keep. */
const servedId = 'served'
const saveDelayMs = 400
/** Virtual time that a new cluster takes to come up. */
const startUpMs = 5_000
const crashesBeforeGivingUp = 3
const crashMemoryMs = 60_000

let storage: PlaygroundStorage
let ownership: Ownership | null = null
let disconnect: (() => void) | null = null
let lastSave: StoredSave | undefined
/** When it crashed lately: a cluster that crashes again and again is not started over for ever. */
let crashes: number[] = []
let metaTimer: ReturnType<typeof setTimeout> | undefined
let snapshotTimer: ReturnType<typeof setTimeout> | undefined

/** Opens what a link brings, else the playground of last time, else a new one. */
export async function startPlaygrounds(fromLink: Playground | null): Promise<void> {
  const opened = await openStorage()
  storage = opened.storage
  if (!opened.isPersistent) notify('warning', i18next.t('shell.notice.notPersistent'))
  watchForChanges()
  await refreshList()
  if (serverToken()) return enterServed()
  const { list } = usePlaygrounds.getState()
  const last = list.find((each) => each.id === recallLastOpened()) ?? list[0]
  if (fromLink) await openImported(fromLink)
  else if (last) await openPlayground(last.id)
  else await createPlayground({ name: i18next.t('shell.playground.defaultName') })
}

async function enterServed(): Promise<void> {
  const stored = await storage.get(servedId)
  const name = i18next.t('shell.playground.served')
  const fresh = { files: [], activeFile: '', applied: {}, shape: defaultShape(name), running: true, speed: 1 }
  await enter(stored ?? { id: servedId, name, changedAt: Date.now(), ...fresh }, {})
}

/** A new playground, opened. */
export async function createPlayground(
  from: Partial<
    Pick<StoredPlayground, 'name' | 'files' | 'shape' | 'example' | 'camera' | 'applied' | 'running' | 'placements'>
  >,
  start: Omit<OpenPlayground, 'shape'> = {},
): Promise<void> {
  const name = freeName(from.name ?? i18next.t('shell.playground.defaultName'))
  const stored: StoredPlayground = {
    id: crypto.randomUUID(),
    files: [],
    activeFile: from.files?.[0]?.name ?? '',
    applied: {},
    shape: defaultShape(name),
    running: true,
    speed: 1,
    changedAt: Date.now(),
    ...from,
    name,
  }
  await storage.put(stored)
  await enter(stored, start)
}

/** What a link or a file carries becomes a playground of its own: it never replaces one that is there. */
export async function openImported(playground: Playground): Promise<void> {
  const applied = Object.fromEntries(
    playground.journal.flatMap(({ action }) => (action.type === 'apply' ? [[action.file, action.text]] : [])),
  )
  const { name, files, shape, camera, journal, until } = playground
  await createPlayground({ name, files, shape, applied, running: false, ...(camera && { camera }) }, { journal, until })
  if (playground.engine !== engineVersion)
    notify('info', i18next.t('shell.notice.otherEngine', { engine: playground.engine }))
}

/** A cluster's whole state from a file becomes a playground of its own, too. */
export async function openSnapshot({ playground, snapshot }: SnapshotFile): Promise<void> {
  const { name, files, shape, camera, journal, until } = playground
  const applied = Object.fromEntries(
    journal.flatMap(({ action }) => (action.type === 'apply' ? [[action.file, action.text]] : [])),
  )
  const from = { name, files, shape, applied, running: false, ...(camera && { camera }) }
  await createPlayground(from, { snapshot, journal, until })
}

/** Opens a stored playground, or a copy of it while another tab has it. */
export async function openPlayground(id: string): Promise<void> {
  const stored = await storage.get(id)
  if (!stored) return
  const owned = await own(id)
  const save = await storage.getSave(id)
  const start = save ? restart(save) : {}
  if (owned) return enter(stored, start, owned, save)
  const copy = {
    ...stored,
    id: crypto.randomUUID(),
    name: freeName(i18next.t('shell.playground.copyOf', { name: stored.name })),
  }
  await storage.put(copy)
  await enter(copy, start, null, save)
  notify('info', i18next.t('shell.notice.openElsewhere', { name: stored.name }))
}

export async function renamePlayground(name: string): Promise<void> {
  const { current } = usePlaygrounds.getState()
  if (!current || name.trim() === '' || name.trim() === current.name) return
  await put({ ...current, name: freeName(name.trim()) })
}

/** Deletes the open playground and goes on with another. */
export async function deletePlayground(): Promise<void> {
  const { current, list } = usePlaygrounds.getState()
  if (!current) return
  const next = list.find((each) => each.id !== current.id)
  leave()
  await storage.delete(current.id)
  usePlaygrounds.setState({ current: null })
  if (next) await openPlayground(next.id)
  else await createPlayground({ name: i18next.t('shell.playground.defaultName') })
}

/** Back to the cluster before anything was applied. Files stay. */
export async function resetPlayground(): Promise<void> {
  const { current } = usePlaygrounds.getState()
  if (!current) return
  await storage.deleteSave(current.id)
  const { files, activeFile } = useFiles.getState()
  await enter({ ...current, files, activeFile, applied: {}, running: true, placements: {} }, {}, ownership)
}

/** What a link would carry of this moment. */
export function currentPlayground(): Playground | null {
  const { current } = usePlaygrounds.getState()
  if (!current) return null
  const { journal: all, clock } = clusterStore.getState()
  // What is looked at is what the link shows, also when it is a moment of the past.
  const journal = clock.live === undefined ? all : all.filter(({ at }) => at <= clock.now)
  const { camera } = usePage.getState()
  return {
    version: playgroundVersion,
    engine: engineVersion,
    name: current.name,
    files: useFiles.getState().files,
    shape: current.shape,
    journal,
    until: clock.now,
    ...(camera && { camera }),
  }
}

export function setRunning(running: boolean): void {
  void request<'run'>({ type: 'run', running }).catch(ignoreDeadHost)
  saveMetaSoon({ running })
  if (!running) saveSnapshotSoon()
}

export function setSpeed(speed: number): void {
  void request<'speed'>({ type: 'speed', speed }).catch(ignoreDeadHost)
  saveMetaSoon({ speed })
}

async function enter(
  stored: StoredPlayground,
  start: Omit<OpenPlayground, 'shape'>,
  owned?: Ownership | null,
  save?: StoredSave,
): Promise<void> {
  if (owned !== ownership || !owned) leave()
  else disconnectHost()
  usePlaygrounds.setState({ isOpening: true, current: stored })
  ownership = owned ?? (await own(stored.id))
  lastSave = save
  crashes = []
  rememberLastOpened(stored.id)
  select(null)
  setPlacements(stored.placements ?? {})
  setCamera(stored.camera ?? null)
  loadFiles(stored.files, stored.activeFile, stored.applied)
  clusterStore.setState({ ...emptyCluster, world: clusterStore.getState().world }, true)
  await openHost(stored, start)
  await put(stored)
  usePlaygrounds.setState({ isOpening: false })
  saveSnapshotSoon()
}

/** Everything that a save keeps: the state, and what led to it. */
function restart({ snapshot, journal, past }: StoredSave): Omit<OpenPlayground, 'shape'> {
  return { snapshot, journal, ...(past && { past }) }
}

/** Starts a host and opens the playground in it: as asked, else from the journal, else from the bare shape. */
async function openHost(stored: StoredPlayground, start: Omit<OpenPlayground, 'shape'>): Promise<void> {
  const token = serverToken()
  if (token) return openServed(stored, token)
  const attempts: Omit<OpenPlayground, 'shape'>[] = [start]
  if (start.snapshot && lastSave) attempts.push({ journal: lastSave.journal, until: lastSave.at })
  if (start.snapshot || start.journal) attempts.push({})
  for (const [index, attempt] of attempts.entries()) {
    const connection = createWorkerConnection()
    watch(connection, stored.id)
    try {
      const answer = await request<'open'>({ type: 'open', playground: { shape: stored.shape, ...attempt } })
      if (answer.ok) {
        if (index > 0)
          notify(
            'warning',
            i18next.t(index === attempts.length - 1 ? 'shell.notice.startedOver' : 'shell.notice.replayed'),
          )
        // A cluster is met when it is up: nodes Ready, the namespaces with their service accounts.
        if (answer.restored === 'new') await request<'skip'>({ type: 'skip', by: startUpMs })
        await request<'speed'>({ type: 'speed', speed: stored.speed })
        await request<'run'>({ type: 'run', running: stored.running })
        return
      }
    } catch {
      // The host died of it: try the next way with another.
    }
    disconnectHost()
  }
  notify('error', i18next.t('shell.notice.cannotOpen'))
}

/** Shows a server's cluster: it runs, and at its own speed, whoever looks on. */
async function openServed(stored: StoredPlayground, token: string): Promise<void> {
  watch(createWorkerConnection(openSocketPort(token)), stored.id)
  try {
    const { shape = stored.shape } = await request<'open'>({ type: 'open', playground: { shape: stored.shape } })
    usePlaygrounds.setState({ current: { ...stored, shape } })
  } catch {
    disconnectHost()
    notify('error', i18next.t('shell.notice.noServer'))
  }
}

function watch(connection: Connection, id: string): void {
  disconnectHost()
  const isCurrent = () => usePlaygrounds.getState().current?.id === id
  connection.onAutosave((save) => {
    if (isCurrent()) void keepSave(id, save)
  })
  connection.onCrash((message) => {
    if (isCurrent() && !usePlaygrounds.getState().isOpening) void recover(message)
  })
  disconnect = connect(connection)
}

/** The host died: go on from the last save in a new one, and say so. */
async function recover(message: string): Promise<void> {
  const { current } = usePlaygrounds.getState()
  if (!current) return
  crashes = [...crashes.filter((at) => Date.now() - at < crashMemoryMs), Date.now()]
  if (crashes.length > crashesBeforeGivingUp)
    return notify('error', i18next.t('shell.notice.crashesAgain', { message }))
  usePlaygrounds.setState({ isOpening: true })
  await openHost(current, lastSave ? restart(lastSave) : {})
  usePlaygrounds.setState({ isOpening: false })
  notify('warning', i18next.t('shell.notice.crashed'), message)
}

async function keepSave(id: string, save: StoredSave): Promise<void> {
  lastSave = save
  await storage.putSave(id, save).catch(() => notify('error', i18next.t('shell.notice.cannotSave')))
}

function leave(): void {
  flushMeta()
  disconnectHost()
  ownership?.release()
  ownership = null
}

function disconnectHost(): void {
  clearTimeout(snapshotTimer)
  disconnect?.()
  disconnect = null
}

function watchForChanges(): void {
  useFiles.subscribe((state, previous) => {
    if (
      state.files !== previous.files ||
      state.activeFile !== previous.activeFile ||
      state.applied !== previous.applied
    )
      saveMetaSoon()
  })
  usePlacements.subscribe(() => saveMetaSoon())
  usePage.subscribe((state, previous) => state.camera !== previous.camera && saveMetaSoon())
  clusterStore.subscribe((state, previous) => {
    // An action must survive a reload that comes before the next autosave.
    if (state.journal !== previous.journal && state.world === previous.world) saveSnapshotSoon()
    else if (state.futures.current !== previous.futures.current && state.world === previous.world) saveSnapshotSoon()
  })
  const flush = () => {
    flushMeta()
    if (snapshotTimer !== undefined) saveSnapshot()
  }
  addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return
    flush()
    saveSnapshot()
  })
}

function saveMetaSoon(change: Partial<StoredPlayground> = {}): void {
  const { current, isOpening } = usePlaygrounds.getState()
  if (!current || isOpening) return
  if (Object.keys(change).length > 0) usePlaygrounds.setState({ current: { ...current, ...change } })
  clearTimeout(metaTimer)
  metaTimer = setTimeout(flushMeta, saveDelayMs)
}

function flushMeta(): void {
  if (metaTimer === undefined) return
  clearTimeout(metaTimer)
  metaTimer = undefined
  const { current } = usePlaygrounds.getState()
  if (!current) return
  const { files, activeFile, applied } = useFiles.getState()
  const { camera } = usePage.getState()
  const { placements } = usePlacements.getState()
  void put({ ...current, files, activeFile, applied, placements, ...(camera && { camera }) })
}

function saveSnapshotSoon(): void {
  clearTimeout(snapshotTimer)
  snapshotTimer = setTimeout(saveSnapshot, saveDelayMs)
}

function saveSnapshot(): void {
  clearTimeout(snapshotTimer)
  snapshotTimer = undefined
  const { current } = usePlaygrounds.getState()
  if (!current || serverToken()) return
  request<'snapshot'>({ type: 'snapshot', packed: true })
    .then((save) => keepSave(current.id, save))
    .catch(ignoreDeadHost)
}

async function put(stored: StoredPlayground): Promise<void> {
  const changed = { ...stored, changedAt: Date.now() }
  if (usePlaygrounds.getState().current?.id === stored.id) usePlaygrounds.setState({ current: changed })
  await storage.put(changed).catch(() => notify('error', i18next.t('shell.notice.cannotSave')))
  await refreshList()
}

async function refreshList(): Promise<void> {
  const list = await storage.list()
  usePlaygrounds.setState({ list: list.sort((a, b) => b.changedAt - a.changedAt) })
}

function freeName(wanted: string): string {
  const { list, current } = usePlaygrounds.getState()
  const taken = new Set(
    list.filter((each) => each.id !== current?.id || current.name !== wanted).map((each) => each.name),
  )
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number++) if (!taken.has(`${wanted} ${number}`)) return `${wanted} ${number}`
}

/** A host that died has its own notice. */
function ignoreDeadHost(): void {}
