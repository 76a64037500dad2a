import { useTranslation } from 'react-i18next'
import { select } from '../state/page-store.ts'
import { hasNews, shortName, type Row } from './rows.ts'
import { labelWidth } from './axis.ts'

interface LaneRowsProps {
  readonly title: string
  readonly rows: readonly Row[]
  readonly top: number
  readonly laneHeight: number
  readonly isNamed: boolean
  readonly live: number
  x(at: number): number
}

/** Lanes of one sort, one below the other. */
export function LaneRows({ title, rows, top, laneHeight, isNamed, live, x }: LaneRowsProps) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <g>
      <text className="lane-group" x={14} y={top + 7}>
        {title}
      </text>
      {rows.map((row, index) => {
        const { lane, stretches } = row
        const y = top + index * laneHeight
        const name = lane ? shortName(lane.key) : t('dock.timeline.others', { count: row.count })
        return (
          <g
            key={row.id}
            className={lane ? 'lane' : undefined}
            onClick={lane && (() => select({ resource: lane.resource, key: lane.key }))}
          >
            {lane && <title>{lane.key}</title>}
            <rect x={0} y={y - 2} width={Math.max(0, x(live))} height={laneHeight} className="lane-hit" />
            {(isNamed || !lane || hasNews(row)) && (
              <text x={labelWidth - 7} y={y + 5} textAnchor="end" className="lane-name">
                {name}
              </text>
            )}
            <g clipPath="url(#timeline-lanes)">
              {stretches.map((stretch, at) => {
                if (stretch.tone === 'none') return null
                const until = stretches[at + 1]?.from ?? row.until ?? live
                return <Stretch key={stretch.from} tone={stretch.tone} from={x(stretch.from)} to={x(until)} y={y} />
              })}
            </g>
          </g>
        )
      })}
    </g>
  )
}

/** State is colour and form: trouble is hatched, what was never well is thin. */
export function Stretch({ tone, from, to, y }: { tone: string; from: number; to: number; y: number }) {
  const width = Math.max(1, to - from - 0.6)
  const strokes = tone === 'warn' || tone === 'fail' ? Math.max(0, Math.floor((width - 8) / 9)) : 0
  const slant = tone === 'fail' ? -4 : 4
  return (
    <>
      <rect x={from} y={y} width={width} height={5} rx={2} className={`stretch ${tone}`} />
      {strokes > 0 && strokes < 200 && (
        <path
          className="hatch"
          d={Array.from({ length: strokes }, (_, index) => `M${from + 6 + index * 9} ${y + 5}l${slant}-5`).join('')}
        />
      )}
    </>
  )
}
