import { restoredRandom, type Random } from '../../lib/random.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { Kind } from '../../kinds/kind.ts'
import { resourceOf } from '../../kinds/kind.ts'
import { crdResource } from '../../kinds/customresourcedefinition/types.ts'
import { noSuchResource, notFound } from '../../machinery/errors.ts'
import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import type { Clock } from '../clock/clock.ts'
import type { Etcd } from '../etcd/etcd.ts'
import { Admission } from './admission/chain.ts'
import { Allocators, type AllocatorsSnapshot } from './allocators.ts'
import type { StaticToken } from './authentication.ts'
import { authorize } from './authorization.ts'
import { refreshCustomKinds } from './custom/refresh.ts'
import { CauseLog, type CauseLogSnapshot } from './cause-log.ts'
import {
  componentIdentity,
  type CreateOptions,
  type DeleteOptions,
  type RequestContext,
  type UpdateOptions,
  type Verb,
  type WriteOptions,
} from './request.ts'
import { ServedKinds } from './served-kinds.ts'
import type { PodLogs } from '../machines/pod-logs.ts'
import type { MetricsSource } from '../metrics.ts'
import { issueLegacyToken } from './tokens/legacy-tokens.ts'
import { SimilarEvents } from './similar-events.ts'
import type { Watches } from './watches.ts'
import { bindPod } from './bind.ts'
import { createObject } from './create.ts'
import { updateObject } from './update.ts'
import { deleteObject } from './delete.ts'
import { patchObject, type Patch, type PatchOptions } from './patch.ts'
import { groupName } from './group-names.ts'

export interface ApiServerSnapshot {
  readonly requests: number
  readonly signingKey?: string
  readonly allocators: AllocatorsSnapshot
  readonly causes: CauseLogSnapshot
}

export interface ApiServerParts {
  readonly clock: Clock
  readonly etcd: Etcd
  readonly watches: Watches
  readonly random: Random
  /** Bearer tokens that are known from the start. */
  readonly tokens?: readonly StaticToken[]
}

const internal = componentIdentity('apiserver')

/**
 * The API server: every read and write of the cluster's objects, by component, page or HTTP, comes through here.
 * A write goes route → authenticate → authorize → decode → admit → default → validate → store; http.ts does the
 * first two for requests from outside. Throws StatusError with Kubernetes' own reasons and words.
 */
export class ApiServer {
  readonly clock: Clock
  readonly etcd: Etcd
  readonly watches: Watches
  random: Random
  readonly admission: Admission
  readonly allocators: Allocators
  readonly causes: CauseLog
  readonly similarEvents: SimilarEvents
  readonly kinds = new ServedKinds()
  readonly tokens: readonly StaticToken[]
  /** What service account tokens are signed with. */
  readonly signingKey: string
  /** Where metrics.k8s.io has its measurements from; undefined where there is none. */
  metrics: MetricsSource | undefined
  /** Where logs of containers are read; undefined where there are no machines. */
  podLogs: PodLogs | undefined
  /** Requests served since the start. */
  requests = 0

  constructor(parts: ApiServerParts, snapshot?: ApiServerSnapshot) {
    this.clock = parts.clock
    this.etcd = parts.etcd
    this.watches = parts.watches
    this.random = parts.random
    this.allocators = new Allocators(snapshot?.allocators)
    this.causes = new CauseLog(snapshot?.causes)
    this.requests = snapshot?.requests ?? 0
    this.tokens = parts.tokens ?? []
    // Of its own for each cluster, without a draw that would change what comes after.
    this.signingKey = snapshot?.signingKey ?? `service-account-key-${parts.random.state().join('-')}`
    this.admission = new Admission(this)
    this.similarEvents = new SimilarEvents(this.etcd)
    this.etcd.onEvent = (resource, event) => {
      if (resource === crdResource) refreshCustomKinds(this)
      this.causes.record(resource, event)
      this.similarEvents.notice(resource, event)
      this.watches.notify(resource, event)
    }
    // A restored store has its definitions already; what they add is derived from them.
    refreshCustomKinds(this)
  }

  /** The kind of a group-qualified plural; 404 when there is none. */
  kind(resource: string): Kind {
    const kind = this.kinds.get(resource)
    if (!kind) throw noSuchResource()
    return kind
  }

  /** The resource of an object's own apiVersion and kind. */
  kindOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): string | undefined {
    const kind = this.kinds.ofObject(object)
    return kind && resourceOf(kind)
  }

  get(resource: string, key: ObjectKey): KubeObject {
    this.requests++
    const object = this.etcd.get(resource, key)
    if (!object) throw notFound(groupName(this.kind(resource)), key.slice(key.indexOf('/') + 1))
    return object
  }

  /** The object, or undefined when it is not there. */
  find(resource: string, key: ObjectKey): KubeObject | undefined {
    this.requests++
    return this.etcd.get(resource, key)
  }

  /** Objects in key order, of one namespace or of all. */
  list(resource: string, namespace?: string): KubeObject[] {
    this.requests++
    const objects: KubeObject[] = []
    const entries = this.etcd.entries(resource)
    for (const key of this.etcd.keys(resource)) {
      const { object } = entries.get(key)!
      if (namespace === undefined || object.metadata.namespace === namespace) objects.push(object)
    }
    return objects
  }

  create(resource: string, body: unknown, options: CreateOptions = {}): KubeObject {
    const metadata = (body as KubeObject).metadata
    const namespace = options.namespace ?? metadata?.namespace
    const context = this.context('create', resource, namespace, metadata?.name ?? '', options)
    return createObject(this, context, body, options)
  }

  update(resource: string, body: KubeObject, options: UpdateOptions = {}): KubeObject {
    const { namespace, name } = body.metadata
    return updateObject(this, this.context('update', resource, namespace, name, options), body)
  }

  patch(resource: string, key: ObjectKey, patch: Patch, options: UpdateOptions & PatchOptions = {}): KubeObject {
    const { namespace, name } = splitFor(this.kind(resource), key)
    return patchObject(this, this.context('patch', resource, namespace, name, options), patch, options)
  }

  /** Deletes, or begins to: the answer still carries finalizers or a grace period when the object stays for now. */
  delete(resource: string, key: ObjectKey, options: DeleteOptions = {}): KubeObject {
    const { namespace, name } = splitFor(this.kind(resource), key)
    return deleteObject(this, this.context('delete', resource, namespace, name, options), options)
  }

  /** The pods/binding subresource: gives a pod its node, once. */
  bind(key: ObjectKey, uid: string, node: string, options: WriteOptions = {}): KubeObject {
    const { namespace, name } = splitFor(this.kind('pods'), key)
    return bindPod(
      this,
      this.context('create', 'pods', namespace, name, { ...options, subresource: 'binding' }),
      uid,
      node,
    )
  }

  /** Builds a request's context and passes it by the authorizer. */
  context(
    verb: Verb,
    resource: string,
    namespace: string | undefined,
    name: string,
    options: UpdateOptions,
  ): RequestContext {
    this.requests++
    // Versions of custom resources differ in their schemas only; each request is held to its own.
    const kind = options.as?.custom ? options.as : this.kind(resource)
    const context: RequestContext = {
      verb,
      kind,
      resource,
      namespace: kind.namespaced ? namespace : undefined,
      name,
      subresource: options.subresource ?? '',
      user: options.user ?? internal,
      fieldManager: options.fieldManager ?? 'kubecosm',
      dryRun: options.dryRun ?? false,
      fieldValidation: options.fieldValidation ?? 'Warn',
      patchErrors: options.patchErrors ?? [],
      warnings: options.warnings ?? [],
    }
    if (!options.authorized) authorize(this, context)
    return context
  }

  /** Stores a new state of an object under the next revision; a dry run only shows what it would be. */
  store(context: RequestContext, object: KubeObject): KubeObject {
    if (context.dryRun) return object
    if (context.resource === 'services') this.allocators.record(object, this.etcd.get('services', keyOf(object)))
    return this.etcd.put(context.resource, keyOf(object), this.writeContext(context), (revision) =>
      withResourceVersion(object, revision),
    )
  }

  /** Takes an object out of the store; returns its last state. */
  remove(context: RequestContext, object: KubeObject): KubeObject {
    if (context.dryRun) return object
    this.allocators.release(context.resource, object)
    return this.etcd.delete(context.resource, keyOf(object), this.writeContext(context), (revision) =>
      withResourceVersion(object, revision),
    )
  }

  /** Runs dry runs so that they leave no trace at all, not even in the source of randomness. */
  withoutTrace<T>(run: () => T): T {
    const { random, requests } = this
    const allocators = this.allocators.mark()
    this.random = restoredRandom(random.state())
    try {
      return run()
    } finally {
      this.random = random
      this.requests = requests
      this.allocators.reset(allocators)
    }
  }

  /** The present as a metav1.Time. */
  timestamp(): string {
    return rfc3339(this.clock.wall())
  }

  /** A random (version 4) UUID. */
  uuid(): string {
    const word = () => this.random.below(0x1_0000_0000).toString(16).padStart(8, '0')
    const [a, b, c, d] = [word(), word(), word(), word()]
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${'89ab'[this.random.below(4)]}${c.slice(1, 4)}-${c.slice(4)}${d}`
  }

  /** The token for a Secret of type kubernetes.io/service-account-token. Upstream the controller has the key. */
  legacyToken(account: KubeObject, secret: KubeObject): string {
    return issueLegacyToken(this, account, secret)
  }

  snapshot(): ApiServerSnapshot {
    const { requests, signingKey } = this
    return { requests, signingKey, allocators: this.allocators.snapshot(), causes: this.causes.snapshot() }
  }

  private writeContext(context: RequestContext) {
    return {
      at: this.clock.now(),
      cause: this.clock.cause,
      actor: context.user === internal ? this.clock.actor : context.user.name,
    }
  }
}

function splitFor(kind: Kind, key: ObjectKey): { namespace: string | undefined; name: string } {
  if (!kind.namespaced) return { namespace: undefined, name: key }
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

function withResourceVersion(object: KubeObject, revision: number): KubeObject {
  if (!Object.isFrozen(object) && !Object.isFrozen(object.metadata)) {
    // A request's own draft, on its way into the store.
    ;(object.metadata as { resourceVersion: string }).resourceVersion = String(revision)
    return object
  }
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
}
