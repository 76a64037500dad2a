import { podReferences } from '../../../kinds/pod/references.ts'
import type { ObjectKey } from '../../../machinery/objects.ts'
import { cardId, type Tables } from './scene.ts'

/** Names of variables whose whole value may be a host. */
const hostVariable = /host|addr|url|uri|server|service|endpoint|backend|upstream|target|peer|proxy|dsn/i
/** A name where a host stands: after `//` or `@`, or before a port. */
const hostPlaces = [/(?:\/\/|@)([a-z0-9][-a-z0-9.]*)/g, /(?:^|[\s=,;"'])([a-z0-9][-a-z0-9.]*)[: ](?=\d{2,5}(?:\D|$))/g]
const wholeName = /^[a-z0-9][-a-z0-9.]*$/

/** Keys of the Services that a pod's settings and commands name as hosts. Nobody has called them for this to be known. */
export function calledServices(template: any, namespace: string, tables: Tables): ObjectKey[] {
  const { spec, metadata } = template ?? {}
  const found = new Set<ObjectKey>()
  const services = tables.services?.byKey
  const add = (host: string) => {
    const key = serviceOf(host, namespace)
    if (services?.has(key)) found.add(key)
  }
  const read = (text: unknown, name: string | undefined) => {
    if (typeof text !== 'string') return
    const value = text.trim()
    if (name !== undefined && hostVariable.test(name) && wholeName.test(value)) add(value)
    else if (/^[a-z0-9][-a-z0-9.]*\.svc(\.cluster\.local)?$/.test(value)) add(value)
    for (const place of hostPlaces) for (const match of value.matchAll(place)) add(match[1]!)
  }
  // What stands for a program that nobody has says whom it calls.
  const declared: unknown = metadata?.annotations?.['kubecosm.dev/calls']
  if (typeof declared === 'string')
    for (const each of declared.split(/[\s,]+/)) add(each.replace(/^https?:\/\//, '').replace(/[:/].*$/, ''))
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    for (const { name, value } of container.env ?? []) read(value, name)
    for (const part of [...(container.command ?? []), ...(container.args ?? [])]) read(part, undefined)
  }
  for (const { resource, name } of podReferences(spec ?? {}, namespace)) {
    if (resource !== 'configmaps') continue
    const data = (tables.configmaps?.byKey.get(`${namespace}/${name}`) as any)?.data ?? {}
    for (const [key, value] of Object.entries(data)) read(value, key)
  }
  return [...found]
}

/** `db`, `db.data`, `db.data.svc`, `db.data.svc.cluster.local`, and a pod of it, `db-0.db…`. */
function serviceOf(host: string, namespace: string): ObjectKey {
  const parts = host
    .replace(/\.$/, '')
    .replace(/\.svc(\.cluster\.local)?$/, '')
    .split('.')
  if (parts.length >= 3) return `${parts[2]}/${parts[1]}`
  return `${parts[1] ?? namespace}/${parts[0]}`
}

/** Cards of Services by their keys. */
export const serviceCard = (key: ObjectKey) => cardId('services', key)
