import { useTranslation } from 'react-i18next'
import { humanDuration } from '../../machinery/duration.ts'
import { parseTime, rfc3339 } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { cutMiddle } from '../graph/workload-name.ts'
import { select } from '../state/page-store.ts'
import { Since } from './overview/Conditions.tsx'
import { timeOf, useRelatedEvents } from './events-of.ts'
import { resourceOfKind } from './resources.ts'

const mostShown = 120

/** Events about an object and what it makes, newest first: what happened how often, and over how long. */
export function Events({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const events = useRelatedEvents(object)
  if (!events.length) return <p className="nothing">{t('inspector.noEvents')}</p>
  return (
    <ul className="events">
      {events.slice(0, mostShown).map((event) => (
        <EventRow key={event.metadata.uid} event={event} object={object} />
      ))}
      {events.length > mostShown && (
        <li className="faint">{t('inspector.andMore', { count: events.length - mostShown })}</li>
      )}
    </ul>
  )
}

function EventRow({ event, object }: { event: any; object: KubeObject }) {
  const { t } = useTranslation()
  const { involvedObject: about = {}, count = 1, reason, message, type } = event
  const isOwn = about.kind === object.kind && about.name === object.metadata.name
  const overMs = timeOf(event) - parseTime(event.firstTimestamp ?? event.metadata.creationTimestamp)
  const key = about.namespace ? `${about.namespace}/${about.name}` : about.name
  return (
    <li className={type === 'Warning' ? 'warning' : undefined}>
      <div className="row">
        {type === 'Warning' && <Icon name="ui-warn" size={13} className="c-warn" />}
        <b>{reason}</b>
        {count > 1 && (
          <span className="faint">
            {overMs >= 1000 ? t('inspect.timesOver', { count, over: humanDuration(overMs) }) : `×${count}`}
          </span>
        )}
        <span className="grow" />
        <time className="faint">
          <Since time={rfc3339(timeOf(event))} />
        </time>
      </div>
      <p>{message}</p>
      <div className="faint">
        {event.source?.component ?? event.reportingComponent}
        {!isOwn && (
          <>
            {' · '}
            <button
              type="button"
              className="object-link"
              onClick={() => select({ resource: resourceOfKind(about.apiVersion ?? 'v1', about.kind), key })}
            >
              {about.kind} {cutMiddle(about.name, 26)}
            </button>
          </>
        )}
      </div>
    </li>
  )
}
