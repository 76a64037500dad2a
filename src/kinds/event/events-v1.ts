import { defineKind, type Kind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { eventColumns } from './kind.ts'

/** [core/v1 name, events.k8s.io/v1 name] of what is called differently there. */
const renamed: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
]
const toNew = new Map(renamed)
const toCore = new Map(renamed.map(([core, name]) => [name, core]))

function withNames(object: any, apiVersion: string, names: ReadonlyMap<string, string>): any {
  const result: Record<string, unknown> = {}
  for (const key in object) result[names.get(key) ?? key] = object[key]
  result.apiVersion = apiVersion
  return result
}

/** The same events as core/v1's, in the newer group's words. */
export const EventsV1Event: Kind = defineKind({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  schema: 'io.k8s.api.events.v1.Event',
  view: {
    resource: 'events',
    fromStored: (event) => withNames(event, 'events.k8s.io/v1', toNew),
    toStored: (event) => withNames(event, 'v1', toCore),
  },
  validate: namespacedMeta,
  validateUpdate: (event, old) => [...metaUpdate(event, old), ...namespacedMeta(event)],
  selectableFields: ({ regarding: one = {}, reason, type, reportingController }: any) => ({
    'regarding.kind': one.kind ?? '',
    'regarding.namespace': one.namespace ?? '',
    'regarding.name': one.name ?? '',
    'regarding.uid': one.uid ?? '',
    'regarding.apiVersion': one.apiVersion ?? '',
    'regarding.resourceVersion': one.resourceVersion ?? '',
    'regarding.fieldPath': one.fieldPath ?? '',
    reason: reason ?? '',
    type: type ?? '',
    reportingController: reportingController ?? '',
  }),
  columns: eventColumns.map((column) => ({
    ...column,
    cell: (event, nowMs) => column.cell(withNames(event, 'v1', toCore), nowMs),
  })),
})
