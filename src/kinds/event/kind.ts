import { invalid, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Subdomain } from '../../machinery/names.ts'
import { ageOf, column, orNone } from '../columns.ts'
import { defineKind, type Kind, type PrinterColumn } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'

const lastSeen = (event: any): string | undefined =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime

/** What `kubectl get events` shows. */
export const eventColumns: readonly PrinterColumn[] = [
  column('Last Seen', (event: any, now) => sinceOf(lastSeen(event), now), {
    description: 'core.v1.Event.lastTimestamp',
  }),
  column('Type', (event: any) => event.type ?? '', { description: 'core.v1.Event.type' }),
  column('Reason', (event: any) => event.reason ?? '', { description: 'core.v1.Event.reason' }),
  column(
    'Object',
    ({ involvedObject: one = {} }: any) => `${(one.kind ?? '').toLowerCase()}${one.name ? `/${one.name}` : ''}`,
    { description: 'The object that this event is about.' },
  ),
  column('Subobject', ({ involvedObject }: any) => involvedObject?.fieldPath ?? '', {
    priority: 1,
    description: 'core.v1.ObjectReference.fieldPath',
  }),
  column('Source', sourceText, {
    priority: 1,
    description: 'The component reporting this event. Should be a short machine understandable string.',
  }),
  column('Message', (event: any) => (event.message ?? '').trim(), { description: 'core.v1.Event.message' }),
  column('First Seen', (event: any, now) => sinceOf(event.firstTimestamp ?? event.eventTime, now), {
    priority: 1,
    description: 'core.v1.Event.firstTimestamp',
  }),
  column('Count', (event: any) => event.series?.count ?? event.count ?? 1, {
    type: 'integer',
    priority: 1,
    description: 'core.v1.Event.count',
  }),
  column('Name', (event) => event.metadata.name, {
    format: 'name',
    priority: 1,
    description: 'meta.v1.ObjectMeta.name',
  }),
]

const shared = {
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  columns: eventColumns,
} as const

/** core/v1 Event. */
export const Event: Kind = defineKind({
  ...shared,
  group: '',
  schema: 'io.k8s.api.core.v1.Event',
  applyDefaults: applyCoreDefaults,
  validate: validateEvent,
  validateUpdate: (event, old) => [...metaUpdate(event, old), ...namespacedMeta(event)],
  selectableFields: ({ involvedObject: one = {}, source, reason, type, reportingComponent }: any) => ({
    'involvedObject.kind': one.kind ?? '',
    'involvedObject.namespace': one.namespace ?? '',
    'involvedObject.name': one.name ?? '',
    'involvedObject.uid': one.uid ?? '',
    'involvedObject.apiVersion': one.apiVersion ?? '',
    'involvedObject.resourceVersion': one.resourceVersion ?? '',
    'involvedObject.fieldPath': one.fieldPath ?? '',
    reason: reason ?? '',
    reportingComponent: reportingComponent ?? '',
    source: source?.component || (reportingComponent ?? ''),
    type: type ?? '',
  }),
})

function applyCoreDefaults(event: any): void {
  event.source ??= {}
  event.eventTime ??= null
  event.reportingComponent ??= ''
  event.reportingInstance ??= ''
}

/** Upstream: legacyValidateEvent. */
function validateEvent(event: any): FieldError[] {
  const errors = namespacedMeta(event)
  const namespace: string = event.involvedObject?.namespace ?? ''
  const own: string = event.metadata.namespace ?? ''
  if (namespace === '' ? own !== 'default' && own !== '' && own !== 'kube-system' : namespace !== own)
    errors.push(invalid('involvedObject.namespace', namespace, 'does not match event.namespace'))
  for (const message of isDns1123Subdomain(own)) errors.push(invalid('namespace', own, message))
  return errors
}

function sourceText({ source, reportingComponent, reportingInstance }: any): string {
  const component = source?.component || reportingComponent || ''
  const host = source?.host || (source?.component ? '' : reportingInstance) || ''
  return orNoneEmpty(host ? `${component}, ${host}` : component)
}

const orNoneEmpty = (text: string) => (text === '' ? '' : orNone(text))

function sinceOf(time: string | null | undefined, nowMs: number): string {
  return ageOf(time ?? undefined, nowMs)
}
