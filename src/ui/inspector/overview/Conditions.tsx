import { useTranslation } from 'react-i18next'
import { parseTime } from '../../../lib/time.ts'
import { humanDuration } from '../../../machinery/duration.ts'
import { useCluster } from '../../state/cluster-store.ts'
import { Section } from '../Section.tsx'

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

/** Conditions whose being true is bad news. */
const troubles =
  /Pressure$|Unavailable$|Failure$|Limited$|^Failed|^FailureTarget|^Suspended|^Terminating|^Disruption(?!Allowed)/

/** status.conditions: what holds, why, and since when. */
export function Conditions({ conditions }: { conditions: readonly Condition[] | undefined }) {
  const { t } = useTranslation()
  if (!conditions?.length) return null
  return (
    <Section title={t('inspector.conditions')}>
      <ul className="conditions">
        {conditions.map((condition) => (
          <li key={condition.type}>
            <div className="row">
              <span className={`dot c-${toneOf(condition)}`} aria-hidden="true" />
              <b>{condition.type}</b>
              <span className={`c-${toneOf(condition)}`}>{condition.status}</span>
              <span className="grow" />
              <time className="faint">
                <Since time={condition.lastTransitionTime} />
              </time>
            </div>
            {(condition.message || condition.reason) && (
              <p className="faint">{condition.message || condition.reason}</p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function toneOf({ type, status }: Condition): string {
  if (status === 'Unknown') return 'mute'
  const isGood = (status === 'True') !== troubles.test(type)
  return isGood ? 'ok' : 'warn'
}

/** `3m20s` since a time, kept up with the clock. */
export function Since({ time }: { time: string | undefined }) {
  const from = parseTime(time)
  const text = useCluster((state) =>
    Number.isNaN(from) ? '' : humanDuration(Math.floor((state.clock.epoch + state.clock.now - from) / 1000) * 1000),
  )
  return <>{text}</>
}
