import { useEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { clusterStore, useCluster, useJournal } from '../state/cluster-store.ts'
import { momentText } from '../shell/time-text.ts'
import { ActionMarks } from './ActionMarks.tsx'
import type { Range } from './axis.ts'
import { labelWidth, moved, ticksOf, wholeRange, zoomed } from './axis.ts'
import { ForkRows, forkRowHeight } from './ForkRows.tsx'
import { LaneRows } from './LaneRows.tsx'
import { Playhead } from './Playhead.tsx'
import { rowsOf } from './rows.ts'
import './timeline.css'

const rightMargin = 46
const redrawMs = 250
const rowsOfNodes = 12
const rowsOfWorkloads = 40
/** With few lanes each has room for its name. */
const namedRows = 10
const nodesTop = 47

/** What happened: the user's actions, how nodes and workloads were over time, and the other futures. */
export function Timeline() {
  const { t } = useTranslation()
  const { now, live } = useSlowClock()
  const [ref, width, room] = useSize()
  const journal = useJournal()
  const lanes = useCluster((state) => state.lanes)
  const futures = useCluster((state) => state.futures)
  const world = useCluster((state) => state.world)
  const [chosen, setChosen] = useState<{ range: Range; world: number } | null>(null)

  const end = Math.max(live, ...futures.all.map((future) => future.end))
  const whole = wholeRange(end)
  const range = chosen?.world === world ? chosen.range : whole
  const scale = (width - labelWidth - rightMargin) / (range.to - range.from)
  const x = (at: number) => labelWidth + (at - range.from) * scale
  const at = (left: number) => range.from + (left - labelWidth) / scale
  useWheel(ref, (event, left) => {
    const isZoom = event.ctrlKey || event.metaKey
    const by = event.shiftKey ? event.deltaY : event.deltaX
    if (!isZoom && Math.abs(by) < 1) return false
    const next = isZoom ? zoomed(range, at(left), Math.exp(event.deltaY / 300), whole) : moved(range, by / scale, whole)
    setChosen(next && { range: next, world })
    return true
  })

  const [nodes, workloads] = useMemo(() => {
    const all = [...lanes.values()]
    return [
      rowsOf(
        all.filter((lane) => lane.resource === 'nodes'),
        rowsOfNodes,
      ),
      rowsOf(
        all.filter((lane) => lane.resource !== 'nodes'),
        rowsOfWorkloads,
      ),
    ]
  }, [lanes])
  const isNamed = nodes.length + workloads.length <= namedRows
  const others = futures.all.filter((future) => future.id !== futures.current)
  const laneHeight = !isNamed ? 9 : others.length > 0 ? 10.5 : 12
  const workloadsTop = nodesTop + nodes.length * laneHeight + 12
  const forksTop = workloadsTop + workloads.length * laneHeight + 8
  const height = Math.max(room, forksTop + others.length * forkRowHeight)
  const lanesEnd = others.length > 0 ? forksTop - 8 : height

  return (
    <div className="timeline" ref={ref}>
      <div className="timeline-sheet" style={{ width, height }}>
        <svg width={width} height={height} role="img" aria-label={t('dock.timeline.label', { time: momentText(live) })}>
          <defs>
            <clipPath id="timeline-lanes">
              <rect x={labelWidth - 10} y={0} width={width - labelWidth + 10} height={height} />
            </clipPath>
          </defs>
          {ticksOf(range).map((tick) => (
            <g key={tick}>
              <line x1={x(tick)} x2={x(tick)} y1={17} y2={height} className="tick" />
              <text x={x(tick) + 4} y={12} className="tick-text">
                {momentText(tick)}
              </text>
            </g>
          ))}
          <text className="lane-group" x={14} y={36}>
            {t('dock.timeline.you')}
          </text>
          <LaneRows
            title={t('dock.timeline.nodes')}
            rows={nodes}
            top={nodesTop}
            {...{ x, live, laneHeight, isNamed }}
          />
          <LaneRows
            title={t('dock.timeline.workloads')}
            rows={workloads}
            top={workloadsTop}
            {...{ x, live, laneHeight, isNamed }}
          />
          <g clipPath="url(#timeline-lanes)">
            <line x1={x(0)} x2={x(live)} y1={32} y2={32} className="lane-line" />
            {now < live && (
              <>
                <rect x={x(now)} y={17} width={x(live) - x(now)} height={lanesEnd - 17} className="to-come" />
                <line x1={x(live)} x2={x(live)} y1={17} y2={lanesEnd} className="live-edge" />
                <text x={x(live) + 5} y={30} className="tick-text">
                  {t('dock.time.live', { time: momentText(live) })}
                </text>
              </>
            )}
          </g>
          <ForkRows futures={others} top={forksTop} x={x} />
        </svg>
        <ActionMarks journal={journal} x={x} from={labelWidth} to={width} />
        <Playhead x={x} at={at} height={height} from={labelWidth} now={now} live={live} />
      </div>
    </div>
  )
}

/** Virtual now and the end, a few times a second while time runs, at once when the moment is another: the eye sees no more of it. */
function useSlowClock(): { now: number; live: number } {
  const read = () => {
    const { now, live = now } = clusterStore.getState().clock
    return { now, live }
  }
  const [clock, setClock] = useState(read)
  useEffect(() => {
    const timer = setInterval(() => setClock(read), redrawMs)
    const stop = clusterStore.subscribe((state, previous) => {
      const isElsewhere = state.jumps !== previous.jumps || state.world !== previous.world
      if (isElsewhere || state.clock.live !== previous.clock.live) setClock(read)
    })
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [])
  return clock
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

/** React's own wheel handlers are passive: they cannot keep the page from zooming. `take` says whether it took it. */
function useWheel(ref: RefObject<HTMLElement | null>, take: (event: WheelEvent, left: number) => boolean): void {
  const latest = useRef(take)
  useEffect(() => {
    latest.current = take
  })
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      if (latest.current(event, event.clientX - element.getBoundingClientRect().left)) event.preventDefault()
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [ref])
}
