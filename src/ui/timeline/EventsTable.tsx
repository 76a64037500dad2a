import { useTranslation } from 'react-i18next'
import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { useCluster, useObjects } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import { resourceOfKind } from '../inspector/resources.ts'
import { momentText } from '../shell/time-text.ts'

const rowsShown = 300

/** The cluster's events, the newest first, as `kubectl get events` tells them. */
export function EventsTable() {
  const { t } = useTranslation()
  const epoch = useCluster((state) => state.clock.epoch)
  const events = [...useObjects('events').values()]
    .map((event) => ({ event: event as EventObject, at: timeOf(event as EventObject) }))
    .sort((a, b) => b.at - a.at)
    .slice(0, rowsShown)
  if (events.length === 0) return <p className="nothing">{t('dock.events.none')}</p>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to be reachable by keyboard
    <div className="scroll" tabIndex={0} role="region" aria-label={t('dock.tab.events')}>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t('dock.events.time')}</th>
            <th scope="col">{t('dock.events.reason')}</th>
            <th scope="col">{t('dock.events.object')}</th>
            <th scope="col">{t('dock.events.message')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map(({ event, at }) => {
            const about = event.involvedObject ?? event.regarding ?? {}
            const count = event.count ?? event.series?.count ?? 1
            return (
              <tr
                key={`${event.metadata.namespace}/${event.metadata.name}`}
                className={event.type === 'Warning' ? 'warning' : undefined}
              >
                <td className="mono faint">{momentText(Math.max(0, at - epoch))}</td>
                <td className={event.type === 'Warning' ? 'c-warn' : undefined}>{event.reason}</td>
                <td>
                  <button
                    type="button"
                    className="link"
                    onClick={() =>
                      select({
                        resource: resourceOfKind(about.apiVersion ?? 'v1', about.kind ?? ''),
                        key: about.namespace ? `${about.namespace}/${about.name}` : (about.name ?? ''),
                      })
                    }
                  >
                    {about.kind?.toLowerCase()}/{about.name}
                  </button>
                </td>
                <td className="dim">
                  {event.message ?? event.note}
                  {count > 1 && <span className="faint"> ×{count}</span>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

interface ObjectRef {
  readonly apiVersion?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name?: string
}

interface EventObject extends KubeObject {
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly note?: string
  readonly count?: number
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string }
  readonly involvedObject?: ObjectRef
  readonly regarding?: ObjectRef
  readonly lastTimestamp?: string
  readonly eventTime?: string
}

function timeOf(event: EventObject): number {
  const text =
    event.lastTimestamp ?? event.series?.lastObservedTime ?? event.eventTime ?? event.metadata.creationTimestamp
  return parseTime(text) ?? 0
}
