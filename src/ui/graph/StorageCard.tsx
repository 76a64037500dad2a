import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { splitKey } from '../../machinery/objects.ts'
import { useObject } from '../state/cluster-store.ts'
import { useIsSelected } from '../state/page-store.ts'
import { useIsDimmed } from './use-dimmed.ts'
import { cutMiddle } from './workload-name.ts'

/** A claim is a ring, a volume is a disc: bound is a seated disc, pending an empty ring, available a disc alone. */
export const StorageCard = memo(function StorageCard({ resource, name: key }: { resource: string; name: string }) {
  const { t } = useTranslation()
  const object = useObject(resource, key)
  const isSelected = useIsSelected(resource, key)
  const isDimmed = useIsDimmed(resource, key)
  const isClaim = resource === 'persistentvolumeclaims'
  const phase: string = object?.status?.phase ?? 'Pending'
  const size: string =
    (object?.status?.capacity ?? object?.spec?.capacity)?.storage ?? object?.spec?.resources?.requests?.storage ?? ''
  const { name } = splitKey(key)
  return (
    <button
      type="button"
      className={`disc${isSelected ? ' sel' : ''}${isDimmed ? ' faded' : ''}`}
      data-resource={resource}
      data-key={key}
      title={name}
      aria-pressed={isSelected}
      aria-label={t('graph.storageSpoken', { name, phase })}
    >
      <svg width="46" height="46" viewBox="-23 -23 46 46" fill="none" aria-hidden="true">
        {isClaim && <Ring phase={phase} />}
        {(!isClaim || phase !== 'Pending') && (
          <>
            <circle r="16" fill="var(--card)" stroke="var(--line-2)" />
            <circle r="11" stroke={isClaim ? 'var(--ns-b-bar)' : 'var(--line-3)'} strokeWidth="6" opacity="0.75" />
            <circle r="3" fill="var(--frame)" stroke="var(--line-2)" />
          </>
        )}
      </svg>
      <b>{cutMiddle(name, 16)}</b>
      <span>{size ? `${size} · ${phase}` : phase}</span>
    </button>
  )
})

function Ring({ phase }: { phase: string }) {
  if (phase === 'Pending') {
    return (
      <>
        <circle r="20" stroke="var(--wait)" strokeWidth="1.5" strokeDasharray="4 3.5" />
        <path d="M-4 0h8M0-4v8" stroke="var(--wait)" strokeWidth="1.5" strokeLinecap="round" />
      </>
    )
  }
  const isLost = phase === 'Lost'
  return (
    <circle
      r="20"
      stroke={isLost ? 'var(--fail)' : 'var(--ns-b-bar)'}
      strokeWidth="1.75"
      strokeDasharray={isLost ? '3 3' : undefined}
    />
  )
}
