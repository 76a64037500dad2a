import { useTranslation } from 'react-i18next'
import { rfc3339 } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { Since } from './overview/Conditions.tsx'
import { timeOf, useEventsOf } from './events-of.ts'

/** Events about an object, newest first. */
export function Events({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const events = useEventsOf(object)
  if (!events.length) return <p className="nothing">{t('inspector.noEvents')}</p>
  return (
    <ul className="events">
      {events.map((event: any) => (
        <li key={event.metadata.uid} className={event.type === 'Warning' ? 'warning' : undefined}>
          <div className="row">
            <b>{event.reason}</b>
            {event.count > 1 && <span className="faint">×{event.count}</span>}
            <span className="grow" />
            <time className="faint">
              <Since time={rfc3339(timeOf(event))} />
            </time>
          </div>
          <p>{event.message}</p>
          <div className="faint">{event.source?.component ?? event.reportingComponent}</div>
        </li>
      ))}
    </ul>
  )
}
