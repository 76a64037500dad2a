import { useTranslation } from 'react-i18next'
import { useCluster } from '../state/cluster-store.ts'
import { revealLine } from '../editor/reveal.ts'
import { useFiles } from '../state/files-store.ts'
import { openDialog } from '../state/page-store.ts'
import { usePodTotal } from './live-pods.ts'

/** Opens the editor at the file's beginning, ready for a paste. */
function toEditor(): void {
  const { activeFile } = useFiles.getState()
  revealLine(activeFile, 1)
}

/** What to do with a cluster that has nothing in it yet. */
export function EmptyState() {
  const { t } = useTranslation()
  const pods = usePodTotal()
  const ready = useCluster((state) => state.resources.nodes?.keys.length ?? 0)
  if (pods > 0 || ready === 0) return null
  return (
    <div className="empty" role="note">
      <div>
        <b>{t('graph.empty.title')}</b>
        <p>{t('graph.empty.text', { count: ready })}</p>
      </div>
      <div className="row">
        <button type="button" className="btn ink" onClick={() => openDialog('examples')}>
          {t('graph.empty.examples')}
        </button>
        <button type="button" className="btn out" onClick={toEditor}>
          {t('graph.empty.paste')}
        </button>
      </div>
    </div>
  )
}
