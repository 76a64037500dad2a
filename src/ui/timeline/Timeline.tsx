import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import type { Action, JournalEntry } from '../../bridge/protocol.ts'
import type { IconName } from '../design/Icon.tsx'
import { Icon } from '../design/Icon.tsx'
import { clusterStore, useJournal } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import { momentText } from '../shell/time-text.ts'
import type { Lane } from './history.ts'
import { useHistory } from './history-store.ts'

const labelWidth = 124
const rightMargin = 22
const redrawMs = 250
/** With few lanes each has room for its name. */
const namedLanes = 10
const steps = [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400]

/** What happened: the user's actions, and how nodes and workloads were over time. */
export function Timeline() {
  const { t } = useTranslation()
  const now = useSlowNow()
  const [ref, width, room] = useSize()
  const journal = useJournal()
  const lanes = [...useHistory((state) => state.history).values()]
  const nodes = lanes.filter((lane) => lane.resource === 'nodes')
  const workloads = lanes.filter((lane) => lane.resource !== 'nodes')
  const end = Math.max(60_000, now * 1.08)
  const x = (at: number) => labelWidth + ((width - labelWidth - rightMargin) * at) / end
  const isNamed = lanes.length <= namedLanes
  const laneHeight = isNamed ? 12 : 9
  const nodesTop = 47
  const workloadsTop = nodesTop + nodes.length * laneHeight + 12
  const height = Math.max(room, workloadsTop + workloads.length * laneHeight + 12)
  return (
    <div className="timeline" ref={ref}>
      <svg width={width} height={height} role="img" aria-label={t('dock.timeline.label', { time: momentText(now) })}>
        <Ruler end={end} x={x} height={height} />
        <text className="lane-group" x={14} y={36}>
          {t('dock.timeline.you')}
        </text>
        <line x1={labelWidth} x2={x(now)} y1={32} y2={32} className="lane-line" />
        <Actions journal={journal} x={x} />
        <LaneGroup
          title={t('dock.timeline.nodes')}
          lanes={nodes}
          top={nodesTop}
          x={x}
          now={now}
          laneHeight={laneHeight}
          isNamed={isNamed}
        />
        <LaneGroup
          title={t('dock.timeline.workloads')}
          lanes={workloads}
          top={workloadsTop}
          x={x}
          now={now}
          laneHeight={laneHeight}
          isNamed={isNamed}
        />
        <line x1={x(now)} x2={x(now)} y1={14} y2={height} className="playhead" />
        <rect x={x(now) - 26} y={0} width={52} height={16} rx={4} className="playhead-ground" />
        <text x={x(now)} y={11.5} textAnchor="middle" className="playhead-time">
          {momentText(now)}
        </text>
      </svg>
    </div>
  )
}

function Ruler({ end, x, height }: { end: number; x: (at: number) => number; height: number }) {
  const step = (steps.find((each) => end / (each * 1000) <= 9) ?? 86_400) * 1000
  // One too close to the edge would be cut off.
  const ticks = Array.from({ length: Math.floor((end * 0.97) / step) + 1 }, (_, index) => index * step)
  return ticks.map((at) => (
    <g key={at}>
      <line x1={x(at)} x2={x(at)} y1={17} y2={height} className="tick" />
      <text x={x(at) + 4} y={12} className="tick-text">
        {momentText(at)}
      </text>
    </g>
  ))
}

/** Actions so close that they would overlap share one mark. */
function Actions({ journal, x }: { journal: readonly JournalEntry[]; x: (at: number) => number }) {
  const { t } = useTranslation()
  const groups: JournalEntry[][] = []
  for (const entry of journal) {
    const last = groups.at(-1)
    if (last && x(entry.at) - x(last[0].at) < 22) last.push(entry)
    else groups.push([entry])
  }
  return groups.map((group, index) => {
    const [first] = group
    const left = x(first.at)
    const room = (groups[index + 1] ? x(groups[index + 1][0].at) : Number.POSITIVE_INFINITY) - left
    const said = actionText(first.action, t)
    const text = group.length > 1 ? `${said} +${group.length - 1}` : said
    return (
      <g key={index} transform={`translate(${left} 32)`}>
        <title>{group.map((entry) => `${momentText(entry.at)} ${actionText(entry.action, t)}`).join('\n')}</title>
        <circle r={8.5} className="action" />
        <g transform="translate(-5.5 -5.5)" className="action-icon">
          <Icon name={actionIcon(first.action)} size={11} />
        </g>
        {room > 30 + text.length * 5.6 && (
          <>
            <rect x={11} y={-7} width={text.length * 5.6 + 6} height={14} className="action-ground" />
            <text x={14} y={3.5} className="action-text">
              {text}
            </text>
          </>
        )}
      </g>
    )
  })
}

interface LaneGroupProps {
  readonly title: string
  readonly lanes: readonly Lane[]
  readonly top: number
  readonly laneHeight: number
  readonly isNamed: boolean
  readonly now: number
  x(at: number): number
}

function LaneGroup({ title, lanes, top, laneHeight, isNamed, now, x }: LaneGroupProps) {
  if (lanes.length === 0) return null
  // Where not all names have room, those with news have.
  const hasNews = (lane: Lane) => lane.stretches.some((stretch) => stretch.tone !== 'ok' && stretch.tone !== 'progress')
  return (
    <g>
      <text className="lane-group" x={14} y={top + 7}>
        {title}
      </text>
      {lanes.map((lane, index) => {
        const y = top + index * laneHeight
        return (
          <g
            key={`${lane.resource} ${lane.key}`}
            className="lane"
            onClick={() => select({ resource: lane.resource, key: lane.key })}
          >
            <title>{lane.key}</title>
            <rect x={0} y={y - 2} width={x(now)} height={laneHeight} className="lane-hit" />
            {(isNamed || hasNews(lane)) && (
              <text x={labelWidth - 7} y={y + 5} textAnchor="end" className="lane-name">
                {shortName(lane.key)}
              </text>
            )}
            {lane.stretches.map((stretch, at) => {
              const until = lane.stretches[at + 1]?.from ?? lane.until ?? now
              return (
                <rect
                  key={stretch.from}
                  x={x(stretch.from)}
                  y={y}
                  width={Math.max(1, x(until) - x(stretch.from) - 0.6)}
                  height={5}
                  rx={2}
                  className={`stretch ${stretch.tone}`}
                />
              )
            })}
          </g>
        )
      })}
    </g>
  )
}

const shortName = (key: string) => {
  const name = key.slice(key.indexOf('/') + 1)
  return name.length > 15 ? `${name.slice(0, 8)}…${name.slice(-6)}` : name
}

function actionIcon(action: Action): IconName {
  switch (action.type) {
    case 'apply':
    case 'replace':
    case 'request':
      return 'ui-file'
    case 'delete':
      return 'ui-x'
    case 'scale':
      return 'hpa'
    case 'machine':
      return action.change === 'unplug' || action.change === 'plug'
        ? 'ui-unplug'
        : action.change === 'remove'
          ? 'ui-x'
          : 'ui-power'
    case 'addMachine':
      return 'ui-plus'
    case 'cordon':
      return 'ui-cordon'
  }
}

function actionText(action: Action, t: TFunction): string {
  switch (action.type) {
    case 'apply':
      return t('dock.action.apply', { name: action.file })
    case 'replace':
      return t('dock.action.replace', { name: action.object.metadata.name })
    case 'request':
      return t('dock.action.request', { method: action.method, path: action.path.replace(/\?.*$/, '') })
    case 'delete':
      return t('dock.action.delete', { name: action.name })
    case 'scale':
      return t('dock.action.scale', { name: action.name, replicas: action.replicas })
    case 'machine':
      return t(`dock.action.machine.${action.change}`, { name: action.name })
    case 'addMachine':
      return t('dock.action.addMachine', { name: action.machine.name })
    case 'cordon':
      return t(action.cordon ? 'dock.action.cordon' : 'dock.action.uncordon', { name: action.name })
  }
}

/** Virtual now, a few times a second: the eye does not see more of a timeline move. */
function useSlowNow(): number {
  const [now, setNow] = useState(() => clusterStore.getState().clock.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(clusterStore.getState().clock.now), redrawMs)
    return () => clearInterval(timer)
  }, [])
  return now
}

function useSize(): [ref: RefObject<HTMLDivElement | null>, width: number, height: number] {
  const ref = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 800, height: 120 })
  useEffect(() => {
    if (!ref.current) return
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setSize({ width: Math.max(300, Math.floor(contentRect.width)), height: Math.floor(contentRect.height) - 1 }),
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, size.width, size.height]
}
