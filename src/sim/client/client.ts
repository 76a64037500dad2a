import type { ApiServer } from '../apiserver/server.ts'
import type { Patch } from '../apiserver/patch.ts'
import { componentIdentity, type DeleteOptions, type Identity, type UpdateOptions } from '../apiserver/request.ts'
import { issueToken, type TokenContent } from '../apiserver/tokens/service-account-tokens.ts'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import { StatusError } from '../../machinery/errors.ts'
import type { Cache } from './cache.ts'
import type { Informers } from './informers.ts'
import { EventRecorder } from './events.ts'

/**
 * A component's client. Reads come from its process's caches, which may lag behind; writes go to the API server.
 * `live` reads past the caches.
 */
export class Client {
  readonly user: Identity
  readonly events: EventRecorder
  /** Revision of the last write made through this client, by resource; the controller runtime resets it. */
  readonly writes = new Map<string, number>()
  private readonly api: ApiServer
  private readonly informers: Informers
  private readonly fieldManager: string

  constructor(parts: { api: ApiServer; informers: Informers; component: string; fieldManager?: string }) {
    this.api = parts.api
    this.informers = parts.informers
    this.user = componentIdentity(parts.component)
    this.fieldManager = parts.fieldManager ?? parts.informers.process
    this.events = new EventRecorder(parts.api, parts.component, this.user)
  }

  cache(resource: string): Cache {
    return this.informers.cache(resource)
  }

  get(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.informers.cache(resource).get(key)
  }

  list(resource: string): KubeObject[] {
    return this.informers.cache(resource).list()
  }

  /** Objects that are controlled by the one with this uid, oldest first. */
  ownedBy(resource: string, uid: string): KubeObject[] {
    return this.informers.cache(resource).byIndex('owner', uid)
  }

  /** The object as the API server has it now. */
  live(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.api.find(resource, key)
  }

  create(resource: string, object: unknown, namespace?: string): KubeObject {
    return this.noted(
      resource,
      this.api.create(resource, object, { namespace, user: this.user, fieldManager: this.fieldManager }),
    )
  }

  update(resource: string, object: KubeObject, options: UpdateOptions = {}): KubeObject {
    return this.noted(
      resource,
      this.api.update(resource, object, { user: this.user, fieldManager: this.fieldManager, ...options }),
    )
  }

  updateStatus(resource: string, object: KubeObject): KubeObject {
    return this.update(resource, object, { subresource: 'status' })
  }

  patch(
    resource: string,
    key: ObjectKey,
    patch: Patch,
    options: UpdateOptions & { readonly force?: boolean } = {},
  ): KubeObject {
    return this.noted(
      resource,
      this.api.patch(resource, key, patch, { user: this.user, fieldManager: this.fieldManager, ...options }),
    )
  }

  delete(resource: string, key: ObjectKey, options: DeleteOptions = {}): void {
    this.noted(
      resource,
      this.api.delete(resource, key, { user: this.user, fieldManager: this.fieldManager, ...options }),
    )
  }

  /** Deletes, and is content when it is gone already. */
  deleteIfPresent(resource: string, key: ObjectKey, options: DeleteOptions = {}): void {
    try {
      this.delete(resource, key, options)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  /** A token of a ServiceAccount, for whom and what it is bound to. */
  token(content: TokenContent): string {
    return issueToken(this.api, content)
  }

  /** Virtual wall time as a metav1.Time. */
  timestamp(): string {
    return this.api.timestamp()
  }

  private noted(resource: string, object: KubeObject): KubeObject {
    this.writes.set(resource, Math.max(this.writes.get(resource) ?? 0, Number(object.metadata.resourceVersion)))
    return object
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.status.reason === 'NotFound'
}

export function isAlreadyExists(error: unknown): boolean {
  return error instanceof StatusError && error.status.reason === 'AlreadyExists'
}
