import { useTranslation } from 'react-i18next'
import { splitKey } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { clusterStore } from '../state/cluster-store.ts'
import { useArrivals } from './preview-store.ts'
import { workloadName } from './workload-name.ts'

const shown = 3

/** Ghosts of pods that would come to a node, if the hand let go now. */
export function PreviewTiles({ node }: { node: string }) {
  const { t } = useTranslation()
  const fates = useArrivals(node)
  if (fates.length === 0) return null
  return (
    <div className="tiles preview-tiles" role="group" aria-label={t('graph.held.arrivals', { count: fates.length })}>
      {fates.slice(0, shown).map(({ pod }) => (
        <span key={pod} className="pod preview-pod">
          <Icon name="s-creating" size={11} />
          <span className="lbl">{labelOf(pod)}</span>
        </span>
      ))}
      {fates.length > shown && <span className="preview-more">+{fates.length - shown}</span>}
    </div>
  )
}

function labelOf(key: string): string {
  const pod = clusterStore.getState().resources.pods?.byKey.get(key)
  return pod ? workloadName(pod) : splitKey(key).name
}
