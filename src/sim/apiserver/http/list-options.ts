import type { Kind } from '../../../kinds/kind.ts'
import { badRequest } from '../../../machinery/errors.ts'
import { forbidden, notSupported, type FieldError } from '../../../machinery/field-errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { parseFieldSelector, parseLabelSelector } from '../../../machinery/selector-syntax.ts'
import { matchesRequirements } from '../../../machinery/selectors.ts'
import type { Query } from './messages.ts'
import { integerParameter, invalidOptions } from './options.ts'

export type Matcher = (object: KubeObject) => boolean

/** What the query of a list or watch says. */
export interface ListOptions {
  /** Undefined when everything matches. */
  readonly matches: Matcher | undefined
  readonly watch: boolean
  readonly allowWatchBookmarks: boolean
  readonly resourceVersion: string
  readonly resourceVersionMatch: string
  readonly sendInitialEvents: boolean | undefined
  readonly timeoutSeconds: number
  /** 0 for all. */
  readonly limit: number
  readonly continue: string
}

/**
 * Reads and checks the options of a list or watch: 400 for what cannot be read, 422 for what does not go together.
 * `name` is that of a legacy path for watching one object. Upstream: handlers/get.go, ListResource.
 */
export function readListOptions(query: Query, kind: Kind, name: string, onlyWatch: boolean): ListOptions {
  const timeoutSeconds = integerParameter(query, 'timeoutSeconds') ?? 0
  const limit = Math.max(0, integerParameter(query, 'limit') ?? 0)
  const labels = parseLabelSelector(query.get('labelSelector'))
  if (!labels.ok) throw badRequest(labels.message)
  const fields = parseFieldSelector(query.get('fieldSelector'))
  if (!fields.ok) throw badRequest(fields.message)
  const watch = onlyWatch || query.flag('watch')
  const options = {
    watch,
    allowWatchBookmarks: query.flag('allowWatchBookmarks'),
    resourceVersion: query.get('resourceVersion'),
    resourceVersionMatch: query.get('resourceVersionMatch'),
    sendInitialEvents: query.has('sendInitialEvents') ? query.flag('sendInitialEvents') : undefined,
    timeoutSeconds,
    limit,
    continue: query.get('continue'),
  }
  const errors = query.flag('watch') ? validateWatch(options) : validateList(options)
  if (errors.length > 0) throw invalidOptions('ListOptions', errors)
  const tests: Matcher[] = []
  const { value: requirements } = labels
  if (requirements.length > 0) tests.push((object) => matchesRequirements(requirements, object.metadata.labels ?? {}))
  if (fields.value.length > 0) tests.push(fieldMatcher(kind, fields.value))
  if (name) {
    const selected = fields.value.find(({ field, negated }) => field === 'metadata.name' && !negated)
    if (fields.value.length > 0 && selected?.value !== name)
      throw badRequest("fieldSelector metadata.name doesn't match requested name")
    tests.push((object) => object.metadata.name === name)
  }
  return { ...options, matches: tests.length === 0 ? undefined : (object) => tests.every((test) => test(object)) }
}

type Sent = Omit<ListOptions, 'matches'>
const match = 'resourceVersionMatch'

function validateList({
  resourceVersion,
  resourceVersionMatch,
  continue: token,
  sendInitialEvents,
}: Sent): FieldError[] {
  const errors: FieldError[] = []
  if (resourceVersionMatch) {
    if (!resourceVersion)
      errors.push(forbidden(match, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
    if (token) errors.push(forbidden(match, 'resourceVersionMatch is forbidden when continue is provided'))
    if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== 'NotOlderThan')
      errors.push(notSupported(match, resourceVersionMatch, ['Exact', 'NotOlderThan', '']))
    if (resourceVersionMatch === 'Exact' && resourceVersion === '0')
      errors.push(forbidden(match, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  if (sendInitialEvents !== undefined)
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return errors
}

function validateWatch({ resourceVersionMatch, continue: token, sendInitialEvents }: Sent): FieldError[] {
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined && resourceVersionMatch !== 'NotOlderThan')
    errors.push(forbidden(match, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  if (resourceVersionMatch) {
    if (sendInitialEvents === undefined)
      errors.push(forbidden(match, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    if (resourceVersionMatch !== 'NotOlderThan')
      errors.push(notSupported(match, resourceVersionMatch, ['NotOlderThan']))
    if (token) errors.push(forbidden(match, 'resourceVersionMatch is forbidden when continue is provided'))
  }
  return errors
}

interface FieldTerm {
  readonly field: string
  readonly negated: boolean
  readonly value: string
}

const metadataFields = ['metadata.name', 'metadata.namespace']

function fieldMatcher(kind: Kind, terms: readonly FieldTerm[]): Matcher {
  const known = fieldsOf(kind, {
    apiVersion: '',
    kind: '',
    metadata: { name: '' },
    spec: {},
    status: {},
  } as unknown as KubeObject)
  for (const { field } of terms) if (!Object.hasOwn(known, field)) throw badRequest(unsupported(kind, field))
  return (object) => {
    const fields = fieldsOf(kind, object)
    return terms.every(({ field, negated, value }) => (fields[field] === value) !== negated)
  }
}

function fieldsOf(kind: Kind, object: KubeObject): Readonly<Record<string, string>> {
  const { name, namespace = '' } = object.metadata
  return { 'metadata.name': name, 'metadata.namespace': namespace, ...kind.selectableFields?.(object) }
}

/** Kinds with fields of their own to select by say it in other words than those without. */
function unsupported(kind: Kind, field: string): string {
  if (kind.group === 'batch' && kind.kind === 'Job') return `field label ${JSON.stringify(field)} not supported for Job`
  if (kind.selectableFields || kind.custom) return `field label not supported: ${field}`
  const known = metadataFields.map((one) => JSON.stringify(one)).join(', ')
  return `${JSON.stringify(field)} is not a known field selector: only ${known}`
}
