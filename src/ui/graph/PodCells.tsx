import { useEffect, useRef, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { clusterStore } from '../state/cluster-store.ts'
import { select, usePage } from '../state/page-store.ts'
import { cellGrid, drawCell, inCellOrder, tokensOf } from './cells.ts'
import { fitsPod } from './graph-filter.ts'
import { useFilter } from './lens-store.ts'
import { podLooks } from './pod-states.ts'
import type { PodView } from './pod-view.ts'

interface PodCellsProps {
  readonly pods: readonly PodView[]
  readonly width: number
  readonly height: number
}

/** Pods as cells on a canvas: colour and silhouette. Above thirty they stand in groups by state. */
export function PodCells({ pods, width, height }: PodCellsProps) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = usePage((state) => state.theme)
  const order = inCellOrder(pods)
  const { pitch, columns, size } = cellGrid(order.length, width, height)

  const filter = useFilter()

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const colours = tokensOf(canvas.current!, theme)
    const scale = devicePixelRatio
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)
    const objects = clusterStore.getState().resources.pods?.byKey
    for (const [index, pod] of order.entries()) {
      const look = podLooks[pod.state]
      const isFaded = filter && !fitsPod(filter, pod, objects?.get(pod.key)?.metadata.labels)
      const [x, y] = [(index % columns) * pitch, Math.floor(index / columns) * pitch]
      drawCell(context, look, colours(`${look.tone}-fill`), x, y, size, isFaded ? 0.15 : look.quiet ? 0.5 : 1)
    }
  }, [order, columns, pitch, size, width, height, theme, filter])

  function choose(event: MouseEvent) {
    const box = canvas.current!.getBoundingClientRect()
    const column = Math.floor((((event.clientX - box.left) / box.width) * width) / pitch)
    const row = Math.floor((((event.clientY - box.top) / box.height) * height) / pitch)
    const pod = column < columns ? order[row * columns + column] : undefined
    if (!pod) return
    event.stopPropagation()
    select({ resource: 'pods', key: pod.key })
  }

  return (
    <canvas
      ref={canvas}
      className="cells"
      role="img"
      aria-label={t('graph.podCount', { count: pods.length })}
      width={width * devicePixelRatio}
      height={height * devicePixelRatio}
      style={{ width, height }}
      onClick={choose}
    />
  )
}
