import { rfc3339 } from '../../../lib/time.ts'
import { badRequest, conflict, invalidObject, notFound } from '../../../machinery/errors.ts'
import { invalid } from '../../../machinery/field-errors.ts'
import type { ApiServer } from '../server.ts'
import { issuer, issueToken, type BoundObject } from './service-account-tokens.ts'

const defaultSeconds = 3600
const least = 600
const most = 2 ** 32
/** What kubelets ask for; such tokens live on for a year, and using them late is noted. */
const kubeletSeconds = 3607
const yearSeconds = 365 * 24 * 3600
const kind = { group: 'authentication.k8s.io', name: 'TokenRequest' }

/** POST to serviceaccounts/NAME/token. Upstream: pkg/registry/core/serviceaccount/storage/token.go. */
export function createToken(api: ApiServer, namespace: string, name: string, request: any): unknown {
  const metadata = request.metadata ?? {}
  const mismatch = (field: 'name' | 'namespace', of: string) => {
    const error = invalid(`metadata.${field}`, metadata[field], `must match the service account ${field} if specified`)
    return metadata[field] && metadata[field] !== of ? [error] : []
  }
  const errors = [...mismatch('name', name), ...mismatch('namespace', namespace)]
  if (errors.length > 0) throw invalidObject(kind, name, errors.slice(0, 1))
  const account = api.etcd.get('serviceaccounts', `${namespace}/${name}`)
  if (!account) throw notFound({ group: '', name: 'serviceaccounts' }, name)
  const spec = request.spec ?? {}
  const audiences: string[] = spec.audiences?.length ? spec.audiences : [issuer]
  const seconds: number = spec.expirationSeconds ?? defaultSeconds
  checkLifetime(seconds)
  const bound = spec.boundObjectRef ? boundObject(api, namespace, name, spec.boundObjectRef) : undefined
  const isExtended = seconds === kubeletSeconds && audiences.includes(issuer)
  const wall = api.clock.wall()
  const token = issueToken(api, {
    account,
    audiences,
    lifetimeSeconds: isExtended ? yearSeconds : seconds,
    warnAfterSeconds: isExtended ? seconds : undefined,
    ...bound,
  })
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { ...metadata, name, namespace, creationTimestamp: rfc3339(wall) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: rfc3339(wall + seconds * 1000) },
  }
}

function checkLifetime(seconds: number): void {
  const field = 'spec.expirationSeconds'
  if (seconds < least)
    throw invalidObject(kind, '', [invalid(field, seconds, 'may not specify a duration less than 10 minutes')])
  if (seconds > most)
    throw invalidObject(kind, '', [invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')])
}

function boundObject(
  api: ApiServer,
  namespace: string,
  account: string,
  reference: any,
): { bound: BoundObject; node?: { name: string; uid?: string } } {
  const { apiVersion = '', name = '' } = reference
  const type = apiVersion === 'v1' ? (reference.kind as string) : ''
  const plurals: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }
  if (!Object.hasOwn(plurals, type)) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${reference.kind ?? ''}`)
  }
  const plural = plurals[type]!
  const object = api.etcd.get(plural, type === 'Node' ? name : `${namespace}/${name}`)
  if (!object) throw notFound({ group: '', name: plural }, name)
  if (type === 'Pod' && object.spec.serviceAccountName !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    )
  const { uid } = object.metadata
  if (reference.uid && reference.uid !== uid)
    throw conflict(
      { group: '', name: type },
      name,
      `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    )
  const bound = { kind: type as BoundObject['kind'], name, uid }
  const nodeName: string | undefined = type === 'Pod' ? object.spec.nodeName : undefined
  if (!nodeName) return { bound }
  const nodeUid = api.etcd.get('nodes', nodeName)?.metadata.uid
  return { bound, node: { name: nodeName, ...(nodeUid && { uid: nodeUid }) } }
}
