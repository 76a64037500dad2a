import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { splitKey } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { workloadName } from '../graph/workload-name.ts'
import { durationText } from '../shell/time-text.ts'
import { clusterStore, useCluster } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import { trafficRows, type TrafficRow } from './traffic-rows.ts'
import './traffic.css'

/** Who calls whom, how often, how it goes and how long it takes. */
export function TrafficTable() {
  const { t } = useTranslation()
  const routes = useCluster((state) => state.traffic)
  const rows = useMemo(() => trafficRows(routes, workloadOf), [routes])
  if (rows.length === 0) return <p className="nothing">{t('dock.traffic.none')}</p>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to be reachable by keyboard
    <div className="scroll" tabIndex={0} role="region" aria-label={t('dock.tab.traffic')}>
      <table className="rows traffic">
        <thead>
          <tr>
            <th scope="col">{t('dock.traffic.route')}</th>
            <th scope="col" className="num">
              {t('dock.traffic.rate')}
            </th>
            <th scope="col" className="num">
              {t('dock.traffic.failed')}
            </th>
            <th scope="col" className="num">
              p50
            </th>
            <th scope="col" className="num">
              p95
            </th>
            <th scope="col">{t('dock.traffic.minute')}</th>
            <th scope="col">{t('dock.traffic.answer')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={`${row.from} ${JSON.stringify(row.to)} ${row.port}`} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function workloadOf(key: string): string {
  const pod = clusterStore.getState().resources.pods?.byKey.get(key)
  return pod ? workloadName(pod) : splitKey(key).name
}

function Row({ row }: { row: TrafficRow }) {
  const { t } = useTranslation()
  const { to } = row
  const share = row.perSecond > 0 ? row.failedPerSecond / row.perSecond : 0
  const isFailing = row.failedPerSecond > 0
  return (
    <tr>
      <td>
        <div className="route">
          <Icon name="service" size={13} />
          <button type="button" className="link" onClick={() => select({ resource: 'pods', key: row.pod })}>
            {row.from}
          </button>
          <span className="faint">{t('dock.traffic.to')}</span>
          {'host' in to ? (
            <span>{to.host || t('dock.traffic.outside')}</span>
          ) : (
            <button type="button" className="link" onClick={() => select(to)}>
              {splitKey(to.key).name}
            </button>
          )}
          <span className="faint">:{row.port}</span>
        </div>
      </td>
      <td className="num">{row.perSecond.toFixed(1)}/s</td>
      <td className={isFailing ? 'num c-fail' : 'num faint'}>
        {isFailing ? (share > 0.99 ? t('dock.traffic.all') : `${Math.max(1, Math.round(share * 100))}%`) : '0'}
      </td>
      <td className="num">{row.p50 === null ? '–' : durationText(row.p50)}</td>
      <td className="num">{row.p95 === null ? '–' : durationText(row.p95)}</td>
      <td>
        <Bars counts={row.counts} failures={row.failures} />
      </td>
      <td className={isFailing ? 'c-fail' : undefined}>
        {isFailing && <Icon name="ui-x" size={12} />}
        {row.last || '…'}
      </td>
    </tr>
  )
}

const barWidth = 6
const barHeight = 14

/** A minute in bars: what was asked, and the part of it that failed. */
function Bars({ counts, failures }: Pick<TrafficRow, 'counts' | 'failures'>) {
  const top = Math.max(1, ...counts)
  const height = (value: number) => (value === 0 ? 1 : Math.max(2, (value / top) * barHeight))
  return (
    <svg width={counts.length * barWidth} height={barHeight} aria-hidden="true">
      {counts.map((count, index) => {
        const failed = Math.min(count, failures[index] ?? 0)
        return (
          // oxlint-disable-next-line no-array-index-key -- a bar is its place
          <g key={index} transform={`translate(${index * barWidth} 0)`}>
            <rect y={barHeight - height(count)} width={barWidth - 2} height={height(count)} className="bar" />
            {failed > 0 && (
              <rect
                y={barHeight - height(failed)}
                width={barWidth - 2}
                height={height(failed)}
                className="bar failed"
              />
            )}
          </g>
        )
      })}
    </svg>
  )
}
