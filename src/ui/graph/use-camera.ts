import { useOnViewportChange, useReactFlow, useStore } from '@xyflow/react'
import { useCallback, useEffect, useRef } from 'react'
import { useCluster } from '../state/cluster-store.ts'
import { setCamera, usePage } from '../state/page-store.ts'
import type { Lens } from './graph-filter.ts'
import type { Rect } from './layout.ts'
import { calm } from './live-pods.ts'
import { zoomedTo } from './view-store.ts'
import { fitting, type Viewport } from './viewport.ts'

const moveMs = 320

/** Where each lens looks, once the user has moved it; that of Nodes is the playground's and is saved with it. */
const cameras = new Map<Lens, Viewport>()

/** Keeps everything in view until the user takes the camera in hand, for each lens by itself. */
export function useCamera(area: Rect, lens: Lens, isReady: boolean, isLarge: boolean) {
  const flow = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const world = useCluster((state) => state.world)
  const shown = useRef<{ world: number; lens: Lens } | undefined>(undefined)
  const isTaken = useRef(false)
  const { x, y, width: wide, height: high } = area

  useEffect(() => {
    const isNewWorld = shown.current?.world !== world
    const isNewLens = shown.current?.lens !== lens
    if (isNewWorld) cameras.clear()
    if (!width || !height || (!isNewWorld && !isNewLens && isTaken.current)) return
    const camera = lens === 'nodes' ? usePage.getState().camera : cameras.get(lens)
    isTaken.current = Boolean(camera)
    const viewport = camera ?? fitting({ x, y, width: wide, height: high }, { width, height })
    // A cluster that is just opened is simply there; a change of lens is a move, where it does not lead through details.
    const isMove = shown.current && !isNewWorld && !isLarge
    void flow.setViewport(viewport, { duration: isMove ? calm(moveMs) : 0 })
    if (isReady) shown.current = { world, lens }
  }, [flow, world, lens, isReady, isLarge, width, height, x, y, wide, high])

  const remember = useCallback(
    (viewport: Viewport | null) => {
      isTaken.current = viewport !== null
      if (lens === 'nodes') setCamera(viewport)
      else if (viewport) cameras.set(lens, viewport)
      else cameras.delete(lens)
    },
    [lens],
  )
  const fit = useCallback(() => {
    remember(null)
    const all = { x, y, width: wide, height: high }
    void flow.setViewport(fitting(all, { width, height }), { duration: calm(moveMs) })
  }, [flow, remember, width, height, x, y, wide, high])

  useOnViewportChange({
    onChange: ({ zoom }) => zoomedTo(zoom, lens),
    onEnd: (viewport) => isTaken.current && remember(viewport),
  })
  const onMove = useCallback((event: unknown) => {
    // Without an event it was the page that moved; a click that moves nothing takes nothing in hand.
    if (event) isTaken.current = true
  }, [])
  return { fit, onMove }
}
