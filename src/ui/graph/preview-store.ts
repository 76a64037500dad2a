import { create } from 'zustand'
import type { Action, Fate, Preview } from '../../bridge/protocol.ts'
import { splitKey } from '../../machinery/objects.ts'
import { request } from '../state/session.ts'

interface PreviewState {
  /** What is thought of doing; while the answer is under way there is no preview yet. */
  readonly subject: string | null
  readonly preview: Preview | null
}

/** What would come of what the hand is about to do. */
export const usePreview = create<PreviewState>()(() => ({ subject: null, preview: null }))

/** Asks what would come of actions; one question at a time, and none twice. */
export function askPreview(subject: string, actions: readonly Action[]): void {
  if (usePreview.getState().subject === subject) return
  usePreview.setState({ subject, preview: null })
  request<'preview'>({ type: 'preview', actions })
    .then(({ preview }) => {
      if (preview && usePreview.getState().subject === subject) usePreview.setState({ preview })
    })
    .catch(() => undefined)
}

export function dropPreview(): void {
  if (usePreview.getState().subject === null) return
  usePreview.setState({ subject: null, preview: null })
  void request<'preview'>({ type: 'preview', actions: [] }).catch(() => undefined)
}

const none: readonly Fate[] = []
const byNode = new WeakMap<Preview, Map<string, Fate[]>>()

/** What would come to a node. Its identity is stable as long as the preview is. */
export function useArrivals(node: string): readonly Fate[] {
  return usePreview(({ preview }) => (preview ? (arrivals(preview).get(node) ?? none) : none))
}

function arrivals(preview: Preview): Map<string, Fate[]> {
  const known = byNode.get(preview)
  if (known) return known
  const map = new Map<string, Fate[]>()
  for (const fate of preview.pods) if (fate.to) map.set(fate.to, [...(map.get(fate.to) ?? []), fate])
  byNode.set(preview, map)
  return map
}

/** How many pods each fate has, and the first few of those that are in for trouble. */
export function summaryOf({ pods, services }: Preview) {
  const of = (...fates: Fate['fate'][]) => pods.filter(({ fate }) => fates.includes(fate))
  const name = ({ pod }: Fate) => splitKey(pod).name
  const moves = of('moves')
  return {
    moves: moves.length,
    afterMs: Math.max(0, ...moves.map(({ afterMs = 0 }) => afterMs)),
    waits: of('waits').map(name),
    why: of('waits').find(({ why }) => why)?.why,
    held: of('held').map(name),
    lost: of('lost', 'ends').map(name),
    services: services.map(({ key }) => splitKey(key).name),
  }
}
