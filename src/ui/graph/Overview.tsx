import { MiniMap, useStore } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import type { Rect } from './layout.ts'

const overviewSize = { width: 132, height: 112 }
/** Room around all cards that may be cut off. */
const margins = 12

/** The small map, unless all is in view anyway and the map would only cover a part of it. */
export function Overview({ area }: { area: Rect }) {
  const { t } = useTranslation()
  const isNeeded = useStore(({ transform: [x, y, zoom], width, height }) => {
    const right = (area.x + area.width - margins) * zoom + x
    const bottom = (area.y + area.height - margins) * zoom + y
    const isAllInView =
      (area.x + margins) * zoom + x >= 0 && (area.y + margins) * zoom + y >= 0 && right <= width && bottom <= height
    const covers = right > width - overviewSize.width && bottom > height - overviewSize.height
    return !isAllInView || !covers
  })
  if (!isNeeded) return null
  return (
    <MiniMap
      pannable
      zoomable
      ariaLabel={t('graph.minimap')}
      nodeClassName={(node) => `mini-${node.type}`}
      nodeBorderRadius={6}
      maskColor="color-mix(in srgb, var(--canvas) 45%, transparent)"
    />
  )
}
