import { useReactFlow, useStore } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { calm } from './live-pods.ts'

const zoomMs = 140

/** Zoom out, back to full size, zoom in, fit. */
export function ZoomControls({ onFit }: { onFit: () => void }) {
  const { t } = useTranslation()
  const flow = useReactFlow()
  const percent = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <div className="zoom" role="group" aria-label={t('graph.zoom.label')}>
      <button
        type="button"
        className="btn icon"
        aria-label={t('graph.zoom.out')}
        onClick={() => void flow.zoomOut({ duration: calm(zoomMs) })}
      >
        <Icon name="ui-minus" size={14} />
      </button>
      <button
        type="button"
        className="btn percent"
        aria-label={t('graph.zoom.full', { percent })}
        onClick={() => void flow.zoomTo(1, { duration: calm(zoomMs) })}
      >
        {percent}%
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label={t('graph.zoom.in')}
        onClick={() => void flow.zoomIn({ duration: calm(zoomMs) })}
      >
        <Icon name="ui-plus" size={14} />
      </button>
      <button type="button" className="btn icon" aria-label={t('graph.zoom.fit')} onClick={onFit}>
        <Icon name="ui-fit" size={14} />
      </button>
    </div>
  )
}
