import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { useCluster } from '../state/cluster-store.ts'
import { usePodTotal } from './live-pods.ts'

/** The frame around the cluster: what is inside has its cable in. */
export const Frame = memo(function Frame() {
  const { t } = useTranslation()
  const total = useCluster((state) => state.resources.nodes?.keys.length ?? 0)
  const ready = useCluster((state) => {
    let count = 0
    for (const node of state.resources.nodes?.byKey.values() ?? []) {
      if (node.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True')) count++
    }
    return count
  })
  const pods = usePodTotal()
  return (
    <div className="frame">
      <div className="cap0">
        {t('graph.cluster')}
        <span className="faint">{t('graph.nodesReady', { count: total, ready })}</span>
        <span className="grow" />
        <span className="faint small">{t('graph.podCount', { count: pods })}</span>
      </div>
    </div>
  )
})

/** A failure domain; nodes of no zone stand in one without a name. */
export const Zone = memo(function Zone({ name }: { name: string }) {
  return (
    <div className="zone">
      {name && (
        <div className="zt">
          <Icon name="zone" size={13} />
          {name}
        </div>
      )}
    </div>
  )
})
