import { useTranslation } from 'react-i18next'
import type { FuturesState } from '../../bridge/protocol.ts'
import { Icon } from '../design/Icon.tsx'
import { momentText } from '../shell/time-text.ts'
import { goToFuture } from '../state/time.ts'
import { actionIcon, actionText } from './action-text.ts'

export const forkRowHeight = 24

interface ForkRowsProps {
  readonly futures: FuturesState['all']
  readonly top: number
  x(at: number): number
}

/** The futures that are not looked at, each from where it left another to where it has come. */
export function ForkRows({ futures, top, x }: ForkRowsProps) {
  const { t } = useTranslation()
  return futures.map(({ id, from, end, journal, well, unwell }, index) => {
    const y = top + index * forkRowHeight + 8
    const start = x(from?.at ?? 0)
    const first = journal[0]
    const said = first ? actionText(first.action, t) : ''
    const text = journal.length > 1 ? `${said} +${journal.length - 1}` : said
    const outcome = unwell > 0 ? t('dock.time.unwell', { count: unwell }) : t('dock.time.well', { count: well })
    return (
      <g key={id} className="fork" onClick={() => void goToFuture(id)}>
        <title>{t('dock.time.goTo', { id })}</title>
        <rect x={0} y={y - 11} width={x(end) + 200} height={forkRowHeight - 2} className="lane-hit" />
        <text className="lane-group" x={14} y={y + 4}>
          {t('dock.time.fork', { id })}
        </text>
        <g clipPath="url(#timeline-lanes)">
          {from && (
            <>
              <path d={`M${start} 32V${y - 12}Q${start} ${y} ${start + 12} ${y}`} className="fork-line" />
              <circle cx={start} cy={32} r={3.25} className="fork-start" />
            </>
          )}
          <path d={`M${from ? start + 12 : start} ${y}H${Math.max(x(end), start + 14)}`} className="fork-line" />
          {first && (
            <g transform={`translate(${Math.max(x(first.at), start) + 16} ${y})`}>
              <circle r={8.5} className="action fork-action" />
              <g transform="translate(-5.5 -5.5)" className="fork-icon">
                <Icon name={actionIcon(first.action)} size={11} />
              </g>
              <rect x={11} y={-7} width={text.length * 5.6 + 6} height={14} className="action-ground" />
              <text x={14} y={3.5} className="action-text">
                {text}
              </text>
            </g>
          )}
          <circle cx={x(end)} cy={y} r={3.5} className="fork-end" />
          <text x={x(end) + 9} y={y + 3.5} className="tick-text">
            {`${momentText(end)}, ${outcome}`}
          </text>
        </g>
      </g>
    )
  })
}
