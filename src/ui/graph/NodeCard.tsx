import type { TFunction } from 'i18next'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { useCluster, useMachine, useObject } from '../state/cluster-store.ts'
import { useIsSelected } from '../state/page-store.ts'
import { CapacityBar } from './CapacityBar.tsx'
import { CapacityBars } from './CapacityBars.tsx'
import { usePodsOn } from './live-pods.ts'
import { nodeSummary, type NodeSummary } from './node-summary.ts'
import { NodePods } from './NodePods.tsx'
import { PreviewTiles } from './PreviewTiles.tsx'
import { useIsDimmed } from './use-dimmed.ts'
import { useGraphView } from './view-store.ts'

/** A node: what it can give, and its pods. Rerenders with its own Node, machine and pods only. */
export const NodeCard = memo(function NodeCard({ name }: { name: string }) {
  const { t } = useTranslation()
  const node = useObject('nodes', name)
  const machine = useMachine(name)
  const pods = usePodsOn(name)
  const isSelected = useIsSelected('nodes', name)
  const isDimmed = useIsDimmed('nodes', name)
  const cable = useGraphView((state) => (state.held?.key === name ? state.held.cable : undefined))
  const summary = useMemo(() => nodeSummary(node, machine, pods), [node, machine, pods])
  const { badge, taints } = summary

  const classes = ['node']
  if (isSelected) classes.push('sel')
  if (summary.off) classes.push('off')
  else if (badge?.tone === 'warn') classes.push('bad')
  if (summary.cordoned) classes.push('cordon')
  if (cable) classes.push('held')
  if (isDimmed) classes.push('faded')

  const unplugged = machine?.plugged === false
  return (
    <div
      className={classes.join(' ')}
      data-resource="nodes"
      data-key={name}
      role="group"
      aria-label={t('graph.nodeLabel', { name })}
    >
      {unplugged && <BrokenCable />}
      <div className="h">
        <button
          type="button"
          className="name"
          aria-pressed={isSelected}
          aria-label={nodeLabel(t, name, summary, pods.length)}
        >
          <Icon name="node" size={15} />
          <span>{name}</span>
        </button>
        <span className="role">{summary.role}</span>
        <span className="grow" />
        {badge ? (
          <span className={`badge b-${badge.tone}`}>
            <Icon name={badge.icon} size={12} />
            {badge.word}
          </span>
        ) : (
          taints.length > 0 && <span className="tag">{taints[0]}</span>
        )}
        <button
          type="button"
          className="btn icon node-menu"
          data-menu="open"
          aria-haspopup="menu"
          aria-label={t('graph.menuOf', { name })}
        >
          <Icon name="ui-more" size={14} />
        </button>
      </div>
      {summary.lost ? <StaleBars summary={summary} /> : <CapacityBars summary={summary} />}
      <NodePods pods={pods} />
      <PreviewTiles node={name} />
    </div>
  )
})

function nodeLabel(t: TFunction, name: string, summary: NodeSummary, count: number): string {
  return t('graph.nodeSpoken', { name, state: summary.badge?.word ?? 'Ready', pods: t('graph.podCount', { count }) })
}

/** Values that nobody renews keep their band and say how old they are. */
function StaleBars({ summary }: { summary: NodeSummary }) {
  const { t } = useTranslation()
  const age = useCluster((state) => Math.floor((state.clock.epoch + state.clock.now - summary.sinceMs) / 1000))
  const value = Number.isNaN(age) ? '' : t('graph.lostSince', { age: shortAge(age) })
  const still = { used: 0 }
  return (
    <>
      <CapacityBar label="cpu" capacity={{ ...summary.cpu, ...still }} value={value} />
      <CapacityBar label="mem" capacity={{ ...summary.memory, ...still }} value={value} />
    </>
  )
}

function shortAge(seconds: number): string {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The plug hangs above the card, with sparks where the socket was. */
function BrokenCable() {
  return (
    <svg
      className="cable"
      width="130"
      height="26"
      viewBox="0 0 130 26"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M14 26c0-16 24-15 44-12s34-1 44-3" stroke="var(--mute)" strokeWidth="2" />
      <g transform="translate(102,10.8) rotate(-16)">
        <rect x="0" y="-4.5" width="9" height="9" rx="2" fill="var(--mute)" />
        <path d="M9.5-2h4M9.5 2h4" stroke="var(--mute)" strokeWidth="1.5" />
      </g>
      <path d="M121 3l3-2.5M123 9h4M119 15l3 3" stroke="var(--warn-fill)" strokeWidth="1.5" />
    </svg>
  )
}
