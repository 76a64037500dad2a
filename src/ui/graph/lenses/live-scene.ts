import { clusterStore } from '../../state/cluster-store.ts'
import { flowNode, type FlowNode } from '../flow-nodes.ts'
import { lenses, type Lens } from '../graph-filter.ts'
import { livePods } from '../live-pods.ts'
import { useNear } from '../near-store.ts'
import { usePlacements } from '../placements.ts'
import { useShownScene } from '../scene-store.ts'
import type { LayoutAnswer, LayoutRequest } from './layout-request.ts'
import { needsLayout, networkRequest, networkScene } from './network.ts'
import { boundsOf, noMemory, type Memory, type Scene, type SceneInput } from './scene.ts'
import { storageScene } from './storage.ts'
import { workloadsScene } from './workloads.ts'

const gatherMs = 120

interface Kept {
  memory: Memory
  nodes: readonly FlowNode[]
  /** Of which world it is. */
  world: number
}

const kept = new Map<Lens, Kept>()
const listeners = new Set<() => void>()
let current: Scene = { cards: [], links: [], memory: noMemory }
let signature = ''

/** The scene that is shown. */
export function currentScene(): Scene {
  return current
}

export function onScene(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Placements of a lens carry its name; those of Nodes, which were there first, do not. */
export const placementPrefix = (lens: Lens) => (lens === 'nodes' ? '' : `${lens}/`)

const lensOf = (placement: string): Lens => lenses.find((lens) => placement.startsWith(`${lens}/`)) ?? 'nodes'

function inputFor(lens: Lens): SceneInput {
  const prefix = placementPrefix(lens)
  const own = Object.entries(usePlacements.getState().placements).filter(([id]) => id.startsWith(prefix))
  return {
    tables: clusterStore.getState().resources,
    hasPods: (group) => livePods.on(group).length > 0,
    near: useNear.getState().near,
    placements: Object.fromEntries(own.map(([id, point]) => [id.slice(prefix.length), point])),
  }
}

/** Shows a lens until it is told to stop: at once, and again when something came or went, never for less. */
export function showLens(lens: Lens): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      void make()
    }, gatherMs)
  }
  const make = async () => {
    const { world, resources } = clusterStore.getState()
    const before = kept.get(lens)
    // The same cluster may be sent anew, after a long skip for one; its cards stay where they are.
    const isSame =
      before?.world === world || before?.nodes.some(({ data }) => resources[data.resource]?.byKey.has(data.key))
    const memory = (isSame && before?.memory) || noMemory
    if (lens !== 'network')
      return publish(lens, (lens === 'storage' ? storageScene : workloadsScene)(inputFor(lens), memory), world)
    const request = networkRequest(inputFor(lens))
    const fresh = request.boxes.length && needsLayout(request, memory) ? await layOut(request) : undefined
    if (!isStopped) publish(lens, networkScene(inputFor(lens), memory, fresh), world)
  }
  void make()
  const stops = [clusterStore.subscribe(later), useNear.subscribe(later), usePlacements.subscribe(() => void make())]
  return () => {
    isStopped = true
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}

/** Forgets where things stood, so that they are arranged as if all of them had just come. */
export function arrangeAnew(lens: Lens): void {
  kept.delete(lens)
  usePlacements.setState(({ placements }) => ({
    placements: Object.fromEntries(Object.entries(placements).filter(([id]) => lensOf(id) !== lens)),
  }))
}

function publish(lens: Lens, scene: Scene, world: number): void {
  const before = kept.get(lens)
  const nodes: FlowNode[] = []
  const known = new Map(before?.nodes.map((node) => [node.id, node]))
  for (const card of scene.cards) {
    const isGround = card.type === 'GroupFrame'
    nodes.push(
      flowNode(known.get(card.id), card.id, card.type, card.rect, card, {
        zIndex: isGround ? -2 : 2,
        ...(isGround && { draggable: false, selectable: false, style: { pointerEvents: 'none' } as const }),
      }),
    )
  }
  kept.set(lens, { memory: scene.memory, nodes, world })
  const next = JSON.stringify([lens, scene.cards, scene.links])
  if (next === signature && useShownScene.getState().lens === lens) return
  signature = next
  current = scene
  useShownScene.setState({ lens, nodes, bounds: boundsOf(scene.cards), isEmpty: scene.cards.length === 0 })
  for (const listener of listeners) listener()
}

let worker: Worker | undefined
let asked = 0

/** In a worker of its own: a large graph takes longer than a frame. */
function layOut(request: LayoutRequest): Promise<LayoutAnswer> {
  worker ??= new Worker(new URL('../layout.worker.ts', import.meta.url), { type: 'module', name: 'layout' })
  const own = worker
  const id = ++asked
  return new Promise((resolve) => {
    const finish = (answer: LayoutAnswer) => {
      own.removeEventListener('message', onMessage)
      own.removeEventListener('error', onError)
      resolve(answer)
    }
    const onMessage = ({ data }: MessageEvent<{ id: number; answer: LayoutAnswer }>) => {
      if (data.id === id) finish(data.answer)
    }
    // Without its answer every card still finds a place beside what leads to it.
    const onError = () => finish({})
    own.addEventListener('message', onMessage)
    own.addEventListener('error', onError)
    own.postMessage({ id, request })
  })
}
