import { deepCopy } from '../../lib/freeze.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { alreadyExists, badRequest, invalidObject, plainError, StatusError } from '../../machinery/errors.ts'
import { required } from '../../machinery/field-errors.ts'
import { generatedName } from '../../machinery/names.ts'
import type { FieldsV1, KubeObject } from '../../machinery/objects.ts'
import { trackUpdate } from '../../machinery/server-side-apply.ts'
import { groupKind, groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'
import type { CreateOptions, Draft, RequestContext } from './request.ts'

/** How often a generated name that is taken is drawn again. Upstream: RetryGenerateName. */
const generateNameTries = 8

/** The way of a new object into the store. */
export function createObject(
  api: ApiServer,
  context: RequestContext,
  body: unknown,
  options: Pick<CreateOptions, 'bodyIsOurs' | 'managedFieldsKnown'> = {},
): KubeObject {
  const draft = options.bodyIsOurs ? (body as Draft) : (deepCopy(body) as Draft)
  prepareMetadata(api, context, draft)
  const { kind } = context
  kind.applyDefaults?.(draft)
  // What admission adds belongs to nobody: the field manager looks at the request before it.
  const managedFields = options.managedFieldsKnown
    ? draft.metadata.managedFields
    : trackCreate(api, context, body as KubeObject, draft)
  api.admission.admit(context, draft, undefined)
  kind.prepareForCreate?.(draft, context.user)
  const errors = kind.validate?.(draft) ?? []
  if (context.resource === 'services' && errors.length === 0) {
    errors.push(...api.allocators.allocate(draft, undefined, (bound) => api.random.below(bound)))
  }
  if (errors.length > 0) throw invalidObject(groupKind(kind), draft.metadata.name, errors)
  if (kind.warnings) context.warnings.push(...kind.warnings(draft as KubeObject))
  api.admission.validate(context, draft, undefined)
  // Last, whoever worked them out: the order of an object's keys is part of its text.
  delete draft.metadata.managedFields
  draft.metadata.managedFields = managedFields!
  return api.store(context, draft)
}

interface Tracked {
  readonly metadata: string
  readonly fieldsV1: FieldsV1
}

// Pods of one ReplicaSet come from one template, which is a frozen object: their fields are worked out once.
const trackedByTemplate = new WeakMap<object, Tracked>()

function trackCreate(
  api: ApiServer,
  { kind, fieldManager: manager, subresource }: RequestContext,
  body: KubeObject,
  draft: Draft,
): Draft['metadata']['managedFields'] {
  const time = api.timestamp()
  const apiVersion = apiVersionOf(kind)
  const template =
    typeof body.spec === 'object' && body.spec && Object.isFrozen(body.spec) && !body.metadata.managedFields
      ? body.spec
      : undefined
  const metadata = template && fieldsOfMetadata(body)
  const known = template && trackedByTemplate.get(template)
  if (known && known.metadata === metadata) {
    const entry = { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: known.fieldsV1 }
    return [entry] as unknown as Draft['metadata']['managedFields']
  }
  const written = {
    new: draft,
    schema: kind.schema,
    manager,
    apiVersion,
    subresource,
    time,
    operation: 'Update' as const,
  }
  const entries = trackUpdate(written)
  if (template && entries.length === 1)
    trackedByTemplate.set(template, { metadata: metadata!, fieldsV1: entries[0]!.fieldsV1 })
  return entries as Draft['metadata']['managedFields']
}

/** Everything of the metadata that decides which fields there are. */
function fieldsOfMetadata({ apiVersion, metadata }: KubeObject): string {
  const { generateName, labels, annotations, ownerReferences, finalizers } = metadata
  const keys = (map: object | undefined) => (map ? Object.keys(map).join() : '-')
  const owners = ownerReferences?.map((owner) => `${owner.uid}${Object.keys(owner).join()}`).join() ?? '-'
  return `${apiVersion}|${generateName ? 1 : 0}|${keys(labels)}|${keys(annotations)}|${owners}|${finalizers?.join() ?? '-'}`
}

function prepareMetadata(api: ApiServer, context: RequestContext, draft: Draft): void {
  const { kind } = context
  if (typeof draft.metadata !== 'object' || draft.metadata === null) draft.metadata = {} as Draft['metadata']
  const { metadata } = draft
  draft.apiVersion = apiVersionOf(kind.custom ? api.kind(context.resource) : kind)
  draft.kind = kind.kind
  if (metadata.resourceVersion) throw plainError('resourceVersion should not be set on objects to be created')
  if (kind.namespaced) {
    if (metadata.namespace && context.namespace && metadata.namespace !== context.namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
    }
    metadata.namespace = context.namespace ?? metadata.namespace
    if (!metadata.namespace) throw badRequest('an empty namespace may not be set during creation')
  } else {
    delete metadata.namespace
  }
  if (!metadata.name) {
    if (!metadata.generateName) {
      throw invalidObject(groupKind(kind), '', [required('metadata.name', 'name or generateName is required')])
    }
    metadata.name = freeName(api, context, metadata.generateName)
  } else if (
    api.etcd.get(context.resource, metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name)
  ) {
    // Upstream finds out when it writes; everything that a request is refused for before that comes first.
    refuseIfInvalidFirst(api, context, draft)
    throw alreadyExists(groupName(kind), metadata.name)
  }
  metadata.uid = api.uuid()
  metadata.creationTimestamp = api.timestamp()
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  if (kind.hasGeneration) metadata.generation = 1
}

function refuseIfInvalidFirst(api: ApiServer, context: RequestContext, draft: Draft): void {
  const copy = deepCopy(draft) as Draft
  // Drawn only for objects that come to be; what is validated needs one all the same.
  copy.metadata.uid = '00000000-0000-4000-8000-000000000000'
  context.kind.applyDefaults?.(copy)
  api.admission.admit({ ...context, dryRun: true }, copy, undefined)
  context.kind.prepareForCreate?.(copy, context.user)
  const errors = context.kind.validate?.(copy) ?? []
  if (errors.length > 0) throw invalidObject(groupKind(context.kind), draft.metadata.name, errors)
}

function freeName(api: ApiServer, context: RequestContext, prefix: string): string {
  for (let tries = 0; tries < generateNameTries; tries++) {
    const name = generatedName(prefix, () => api.random.unit())
    const key = context.namespace ? `${context.namespace}/${name}` : name
    if (!api.etcd.get(context.resource, key)) return name
  }
  throw new StatusError(
    409,
    'AlreadyExists',
    `${context.kind.plural} "${prefix}" already exists, the server was not able to generate a unique name for the object`,
  )
}
