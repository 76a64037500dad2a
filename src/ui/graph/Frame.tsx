import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { useCluster } from '../state/cluster-store.ts'
import { zoneKey } from './layout.ts'
import { usePodTotal } from './live-pods.ts'
import { useGraphView } from './view-store.ts'

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
        <button
          type="button"
          className="btn icon add nodrag"
          data-resource="cluster"
          data-key="cluster"
          aria-haspopup="menu"
          aria-label={t('graph.addToCluster')}
        >
          <Icon name="ui-plus" size={14} />
        </button>
      </div>
    </div>
  )
})

/** A failure domain, which can be dragged out by its name; nodes of no zone stand in one without a name. */
export const Zone = memo(function Zone({ name }: { name: string }) {
  const { t } = useTranslation()
  const isHeld = useGraphView((state) => state.held?.key === zoneKey(name))
  return (
    <div className={isHeld ? 'zone held' : 'zone'}>
      {name && (
        <button
          type="button"
          className="zt"
          data-resource="zone"
          data-key={name}
          aria-haspopup="menu"
          aria-label={t('graph.zoneActions', { name })}
        >
          <Icon name="zone" size={13} />
          <span className="ell">{name}</span>
          <Icon name="ui-chev-d" size={12} className="more" />
        </button>
      )}
    </div>
  )
})
