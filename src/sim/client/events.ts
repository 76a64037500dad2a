import type { ApiServer } from '../apiserver/server.ts'
import type { Similarity } from '../apiserver/similar-events.ts'
import type { Identity } from '../apiserver/request.ts'
import { StatusError } from '../../machinery/errors.ts'
import type { FieldsV1, KubeObject } from '../../machinery/objects.ts'

/** What an event is about; a whole object will do. */
export interface Regarding {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
  }
}

/** How many of the same kind may come before they are dropped. Upstream: client-go's spam filter, 25 in a burst. */
const burst = 25
/** From the tenth on, those that differ in nothing but their message become one. Upstream: client-go's EventAggregator. */
const similarApart = 9
const similarWithinMs = 600_000
const combined = '(combined from similar events): '

/**
 * Writes core/v1 Events; the same one again counts up instead. Upstream: client-go tools/record. Which event to
 * count up is found in the store, so the recorder has no state of its own.
 */
export class EventRecorder {
  private readonly api: ApiServer
  private readonly user: Identity
  /** What the events say they come from. */
  component: string
  host: string | undefined

  constructor(api: ApiServer, component: string, user: Identity, host?: string) {
    this.api = api
    this.component = component
    this.user = user
    this.host = host
  }

  /** `action` is what writers of the newer events API say they were doing: `Binding`. */
  normal(regarding: Regarding, reason: string, message: string, fieldPath?: string, action?: string): void {
    this.record('Normal', regarding, reason, message, fieldPath, action)
  }

  warning(regarding: Regarding, reason: string, message: string, fieldPath?: string, action?: string): void {
    this.record('Warning', regarding, reason, message, fieldPath, action)
  }

  /** Events are many and alike, so the set of their fields is worked out once for each shape they have. */
  private create(event: any, namespace: string, time: string): void {
    const { api, user, component } = this
    const shape = shapeOf(event)
    const fieldsV1 = fieldsByShape.get(shape)
    if (fieldsV1) {
      const managed = {
        manager: component,
        operation: 'Update',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1,
      }
      event.metadata.managedFields = [managed]
      api.create('events', event, {
        namespace,
        user,
        fieldManager: component,
        managedFieldsKnown: true,
        bodyIsOurs: true,
      })
      return
    }
    const created = api.create('events', event, { namespace, user, fieldManager: component })
    fieldsByShape.set(shape, created.metadata.managedFields![0]!.fieldsV1)
  }

  /** Have so many events come that differ in their message only that they are told of together? */
  private isOneOfMany(similarity: Similarity): boolean {
    const { api } = this
    return api.similarEvents.count(similarity, api.clock.wall() - similarWithinMs) >= similarApart
  }

  private record(
    type: 'Normal' | 'Warning',
    regarding: Regarding,
    reason: string,
    message: string,
    fieldPath?: string,
    action?: string,
  ): void {
    const { api } = this
    const namespace = regarding.metadata.namespace ?? 'default'
    const now = api.timestamp()
    const { component, host } = this
    const { name: ofName, uid = '' } = regarding.metadata
    const similarity = { component, host, uid, name: ofName, type, reason }
    message = message.slice(0, 1024)
    try {
      let present = api.similarEvents.find(similarity, namespace, fieldPath, (text) => text === message)
      if (!present && this.isOneOfMany(similarity)) {
        message = `${combined}${message}`.slice(0, 1024)
        present = api.similarEvents.find(similarity, namespace, fieldPath, (text) => text.startsWith(combined))
      }
      if (present) {
        if (present.count >= burst && now < present.lastTimestamp) return
        const again = { ...present, message, count: present.count + 1, lastTimestamp: now } as KubeObject
        api.update('events', again, { user: this.user, fieldManager: this.component })
        return
      }
      const event = {
        metadata: { name: `${ofName}.${nanoseconds(api.clock.wall(), api.etcd.revision)}`, namespace },
        involvedObject: involved(regarding, fieldPath),
        reason,
        message,
        source: this.host ? { component: this.component, host: this.host } : { component: this.component },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        type,
        eventTime: null,
        ...(action && { action }),
        reportingComponent: this.component,
        reportingInstance: this.host ?? '',
      }
      this.create(event, namespace, now)
    } catch (error) {
      // As upstream: an event that cannot be written (its namespace is going away) is lost, and nothing else with it.
      if (!(error instanceof StatusError)) throw error
    }
  }
}

/** Fields of events by which of the optional ones they have: all that their managers' sets depend on. */
const fieldsByShape = new Map<string, FieldsV1>()

function shapeOf(event: any): string {
  const { source, involvedObject } = event
  return `${source.host ? 1 : 0}${event.reportingInstance ? 1 : 0}${Object.keys(involvedObject).join()}`
}

function involved({ apiVersion, kind, metadata }: Regarding, fieldPath: string | undefined): unknown {
  const { name, namespace, uid, resourceVersion } = metadata
  // Field by field, in the order of the API's type: events are the most written objects of all.
  const reference: Record<string, string> = { kind }
  if (namespace) reference.namespace = namespace
  reference.name = name
  if (uid) reference.uid = uid
  reference.apiVersion = apiVersion
  if (resourceVersion) reference.resourceVersion = resourceVersion
  if (fieldPath) reference.fieldPath = fieldPath
  return reference
}

/** Upstream's names end in the time, so that a list of events is in the order they came in; the revision is unlike any before. */
function nanoseconds(wallMs: number, revision: number): string {
  return (BigInt(wallMs) * 1_000_000n + BigInt(revision % 1_000_000)).toString(16)
}
