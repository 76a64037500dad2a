import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { useIsSelected } from '../state/page-store.ts'
import { namespaceClass } from './namespace-colour.ts'
import { podLooks } from './pod-states.ts'
import type { PodView } from './pod-view.ts'
import { useIsPodDimmed } from './use-dimmed.ts'

interface PodTileProps {
  readonly pod: PodView
  /** `sq` and `sm` show the glyph alone. */
  readonly size?: 'sq' | 'sm'
  /** The one tile of a group that the Tab key reaches. */
  readonly isFirst?: boolean
  /** Instead of its workload's name, where that is said already. */
  readonly label?: string
}

/** One pod inside a card. It is found by its data attributes: clicks and menus are handled once, by the graph. */
export const PodTile = memo(function PodTile({ pod, size, isFirst, label }: PodTileProps) {
  const { t } = useTranslation()
  const isSelected = useIsSelected('pods', pod.key)
  const isDimmed = useIsPodDimmed(pod)
  const look = podLooks[pod.ghost ? 'Terminating' : pod.state]
  const classes = ['pod', `k-${look.tone}`, look.className, namespaceClass(pod.namespace), size ? `sq ${size}` : '']
  if (pod.ghost) classes.push('ghost gone')
  if (isSelected) classes.push('sel')
  if (isDimmed) classes.push('faded')
  // On a lost node the state is what is known of it, not the word it last said.
  const word = pod.state === 'Unknown' ? 'Unknown' : pod.status
  return (
    <button
      type="button"
      className={classes.join(' ')}
      data-resource="pods"
      data-key={pod.key}
      data-uid={pod.uid}
      tabIndex={isFirst ? 0 : -1}
      disabled={pod.ghost}
      title={`${pod.name} · ${word}`}
      aria-hidden={pod.ghost}
      aria-label={pod.ghost ? undefined : t('graph.podLabel', { name: pod.name, state: word })}
      aria-pressed={isSelected}
    >
      <Icon name={look.icon} size={size === 'sm' ? 10 : 11} />
      {!size && (
        <span className="l">
          {label ?? pod.label}
          <span className="more">
            {word} {pod.reason}
          </span>
        </span>
      )}
    </button>
  )
})
