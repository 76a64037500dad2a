import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Preview } from '../../bridge/protocol.ts'
import { splitKey } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { durationText } from '../shell/time-text.ts'
import { summaryOf, usePreview } from './preview-store.ts'
import { useGraphView } from './view-store.ts'

/** While a node is held over the frame's edge: what letting go would do. */
export function HeldHint() {
  const name = useGraphView((state) => state.held?.key)
  const cable = useGraphView((state) => state.held?.cable)
  return name && cable ? <Hint name={name} cable={cable} /> : null
}

function Hint({ name, cable }: { name: string; cable: 'unplug' | 'plug' }) {
  const { t } = useTranslation()
  const preview = usePreview((state) => state.preview)
  const isUnplug = cable === 'unplug'
  return (
    <div className="pop held-hint" role="status">
      <span className={isUnplug ? 'c-warn' : 'c-ok'}>
        <Icon name={isUnplug ? 'ui-unplug' : 'ui-check'} size={18} />
      </span>
      <div className="grow">
        <b>{isUnplug ? t('graph.held.unplug', { name }) : t('graph.held.plug', { name })}</b>
        <div className="dim">{preview ? consequences(preview, t) : t('graph.held.thinking')}</div>
        {preview && <Waiting preview={preview} />}
      </div>
      {preview?.budgets.map(({ key, healthy, wanted }) => (
        <span key={key} className="badge b-fail">
          <Icon name="pdb" size={12} />
          {t('graph.held.budget', { name: splitKey(key).name, healthy, wanted })}
        </span>
      ))}
    </div>
  )
}

function Waiting({ preview }: { preview: Preview }) {
  const { why } = summaryOf(preview)
  return why ? <div className="dim why">{why}</div> : null
}

const named = 3

/** One sentence: what moves, what waits, what is held or lost, and who answers nobody meanwhile. */
function consequences(preview: Preview, t: TFunction): string {
  const { moves, afterMs, waits, held, lost, services } = summaryOf(preview)
  const names = (list: readonly string[]) =>
    list.length <= named ? list.join(', ') : `${list.slice(0, named).join(', ')} +${list.length - named}`
  const parts = [
    moves > 0 && t('graph.held.moves', { count: moves, after: durationText(afterMs) }),
    waits.length > 0 && t('graph.held.waits', { count: waits.length }),
    held.length > 0 && t('graph.held.heldBack', { names: names(held) }),
    lost.length > 0 && t('graph.held.lost', { names: names(lost) }),
    services.length > 0 && t('graph.held.services', { names: names(services) }),
  ]
  return parts.filter(Boolean).join(t('graph.held.comma')) || t('graph.held.nothing')
}
