import { plainError } from '../../machinery/errors.ts'
import { authorizeAttributes } from './authorization.ts'
import type { ResourceAttributes } from './rbac/attributes.ts'
import type { Identity } from './request.ts'
import type { ApiServer } from './server.ts'
import { serviceAccountIdentity } from './tokens/service-account-tokens.ts'

const extraPrefix = 'impersonate-extra-'
const authenticationGroup = 'authentication.k8s.io'

/** Whom a request speaks for, if its sender may. Upstream: apiserver/pkg/endpoints/filters/impersonation.go. */
export function impersonated(api: ApiServer, sender: Identity, headers: Readonly<Record<string, string>>): Identity {
  const name = headers['impersonate-user'] ?? ''
  const groups = listOf(headers['impersonate-group'])
  const uid = headers['impersonate-uid'] ?? ''
  const extra = extraOf(headers)
  if (!name && groups.length === 0 && !uid && Object.keys(extra).length === 0) return sender
  if (!name) throw plainError(`requested ${requestedText(groups, uid, extra)} without impersonating a user`)
  const may = (group: string, resource: string, named: string, more: Partial<ResourceAttributes> = {}) =>
    authorizeAttributes(api, {
      user: sender,
      verb: 'impersonate',
      resource: { group, resource, subresource: '', namespace: '', name: named, ...more },
    })
  const account = accountOf(name)
  if (account) may('', 'serviceaccounts', account.name, { namespace: account.namespace })
  else may('', 'users', name)
  for (const group of groups) may('', 'groups', group)
  for (const [key, values] of Object.entries(extra))
    for (const value of values) may(authenticationGroup, 'userextras', value, { subresource: key })
  if (uid) may(authenticationGroup, 'uids', uid)
  const own = account && groups.length === 0 ? serviceAccountIdentity(account.namespace, account.name).groups : groups
  return {
    name,
    groups: withStanding(name, own),
    ...(uid && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  }
}

/** Everybody but the anonymous is authenticated, unless the groups say otherwise. */
function withStanding(name: string, groups: readonly string[]): readonly string[] {
  const [yes, no] = ['system:authenticated', 'system:unauthenticated']
  if (name === 'system:anonymous') return groups.includes(no) ? groups : [...groups, no]
  return groups.includes(yes) || groups.includes(no) ? groups : [...groups, yes]
}

function accountOf(name: string): { namespace: string; name: string } | undefined {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  return match ? { namespace: match[1]!, name: match[2]! } : undefined
}

/** A header that came several times arrives as one, with commas. */
function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function extraOf(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  const extra: Record<string, string[]> = {}
  for (const header of Object.keys(headers)) {
    if (!header.startsWith(extraPrefix)) continue
    const key = unescaped(header.slice(extraPrefix.length))
    if (key !== '__proto__') extra[key] = listOf(headers[header])
  }
  return extra
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** The references as Go prints them: kind, namespace, name, uid, version, resource version, field path. */
function requestedText(groups: readonly string[], uid: string, extra: Readonly<Record<string, string[]>>): string {
  const references = groups.map((group) => `{Group  ${group}    }`)
  for (const [key, values] of Object.entries(extra))
    for (const value of values) references.push(`{UserExtra  ${value}    ${key}}`)
  if (uid) references.push(`{UID  ${uid}    }`)
  return `[${references.join(' ')}]`
}
