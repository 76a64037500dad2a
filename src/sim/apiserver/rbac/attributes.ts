import type { Identity } from '../request.ts'

/** A resource that somebody wants to do something with. Empty strings stand for what is not said. */
export interface ResourceAttributes {
  readonly group: string
  /** The plural. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** What an authorizer is asked: may this user do this? Either a resource or a URL path. */
export interface Attributes {
  readonly user: Identity
  readonly verb: string
  readonly resource?: ResourceAttributes | undefined
  readonly path?: string
}

/** An authorizer's answer; the reason is for people. */
export interface Decision {
  readonly allowed: boolean
  readonly reason: string
}

/** A rule as Roles and ClusterRoles hold it. */
export interface PolicyRule {
  readonly verbs?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}
