import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMachine, useObject } from '../state/cluster-store.ts'
import { useIsSelected } from '../state/page-store.ts'
import type { Rect } from './layout.ts'
import { usePodsOn } from './live-pods.ts'
import { badgeOf } from './node-summary.ts'

/** A node that is painted by the far layer: what is left of it is what can be pointed at, read out and focused. */
export const FarNode = memo(function FarNode({ name, rect }: { name: string; rect: Rect }) {
  const { t } = useTranslation()
  const node = useObject('nodes', name)
  const machine = useMachine(name)
  const count = usePodsOn(name).length
  const isSelected = useIsSelected('nodes', name)
  const state = badgeOf(node, machine)?.word ?? 'Ready'
  return (
    <button
      type="button"
      className="name far"
      style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      data-card={name}
      data-resource="nodes"
      data-key={name}
      aria-pressed={isSelected}
      aria-label={t('graph.nodeSpoken', { name, state, pods: t('graph.podCount', { count }) })}
    />
  )
})
