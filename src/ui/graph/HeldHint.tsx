import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { usePodsOn } from './live-pods.ts'
import { useGraphView } from './view-store.ts'

/** While a node is held over the frame's edge: what letting go would do. */
export function HeldHint() {
  const name = useGraphView((state) => state.held?.key)
  const cable = useGraphView((state) => state.held?.cable)
  return name && cable ? <Hint name={name} cable={cable} /> : null
}

function Hint({ name, cable }: { name: string; cable: 'unplug' | 'plug' }) {
  const { t } = useTranslation()
  const pods = usePodsOn(name).filter((pod) => !pod.ghost)
  return (
    <div className="pop held-hint">
      <span className={cable === 'unplug' ? 'c-warn' : 'c-ok'}>
        <Icon name={cable === 'unplug' ? 'ui-unplug' : 'ui-check'} size={18} />
      </span>
      <div className="grow">
        <b>{cable === 'unplug' ? t('graph.held.unplug', { name }) : t('graph.held.plug', { name })}</b>
        <div className="dim">
          {cable === 'unplug' ? t('graph.held.unplugText', { count: pods.length }) : t('graph.held.plugText')}
        </div>
      </div>
    </div>
  )
}
