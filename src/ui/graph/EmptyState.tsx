import { useTranslation } from 'react-i18next'
import { useCluster } from '../state/cluster-store.ts'
import { usePodTotal } from './live-pods.ts'

/** What to do with a cluster that has nothing in it yet. */
export function EmptyState({ onExamples, onPaste }: { onExamples: (() => void) | undefined; onPaste: (() => void) | undefined }) {
  const { t } = useTranslation()
  const pods = usePodTotal()
  const ready = useCluster((state) => state.resources.nodes?.keys.length ?? 0)
  if (pods > 0 || ready === 0) return null
  return (
    <div className="empty" role="note">
      <div className="row">
        <span className="pod ghost sq" />
        <span className="pod ghost sq" />
        <span className="pod ghost sq next" />
      </div>
      <b>{t('graph.empty.title')}</b>
      <span>{t('graph.empty.text', { count: ready })}</span>
      <div className="row">
        {onExamples && (
          <button type="button" className="btn ink" onClick={onExamples}>
            {t('graph.empty.examples')}
          </button>
        )}
        {onPaste && (
          <button type="button" className="btn out" onClick={onPaste}>
            {t('graph.empty.paste')}
          </button>
        )}
      </div>
    </div>
  )
}
