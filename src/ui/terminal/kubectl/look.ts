import { dump } from 'js-yaml'
import type { Api, Loose } from './api.ts'
import { fullName, KubectlError, pathOf, resourceNamed } from './api.ts'
import { namespaceOf, objectsOf, targetsOf } from './get.ts'
import { columns, labelsText } from './print.ts'
import type { CommandLine } from './words.ts'

const lookAgainMs = 400

/** `kubectl describe`, briefly: what an object is, what it says, and its events. */
export async function describe(api: Api, line: CommandLine): Promise<void> {
  const { print } = api.surroundings
  const found = await objectsOf(api, line, await targetsOf(api, line.args.slice(1)))
  if (found.length === 0) return print(`No resources found in ${namespaceOf(line) ?? 'any'} namespace.`)
  for (const [index, { object }] of found.entries()) {
    if (index > 0) print('\n')
    const { metadata, apiVersion: _, kind, status, ...rest } = object
    const facts: [string, string][] = [
      ['Name:', metadata.name],
      ...(metadata.namespace ? [['Namespace:', metadata.namespace] as [string, string]] : []),
      ['Kind:', kind ?? ''],
      ['Labels:', labelsText(metadata.labels)],
      ['Annotations:', labelsText(metadata.annotations)],
      ['Created:', metadata.creationTimestamp],
      ...(metadata.ownerReferences ?? []).map((owner: Loose): [string, string] => [
        'Controlled By:',
        `${owner.kind}/${owner.name}`,
      ]),
    ]
    columns(facts).forEach(print)
    const shown = kind === 'Secret' ? { ...rest, data: sizes(rest.data) } : rest
    const body = dump({ ...shown, ...(status && { status }) }, { noRefs: true, lineWidth: -1, skipInvalid: true })
    body.trimEnd().split('\n').forEach(print)
    await eventsOf(api, object)
  }
}

const sizes = (data: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, `${Math.floor((value.length * 3) / 4)} bytes`]))

async function eventsOf(api: Api, { kind, metadata }: Loose): Promise<void> {
  const { print } = api.surroundings
  const where = metadata.namespace ?? 'default'
  const selector = `involvedObject.name=${metadata.name},involvedObject.uid=${metadata.uid}`
  const { items } = await api.get(`/api/v1/namespaces/${where}/events?fieldSelector=${encodeURIComponent(selector)}`)
  if (items.length === 0) return print(`Events:  <none>`)
  print('Events:')
  const rows = (items as Loose[]).map((each) => [
    `  ${each.type}`,
    each.reason,
    ageOf(api, each.lastTimestamp ?? each.eventTime ?? each.metadata.creationTimestamp),
    each.source?.component ?? each.reportingComponent ?? kind,
    each.message ?? '',
  ])
  columns([['  Type', 'Reason', 'Age', 'From', 'Message'], ...rows]).forEach(print)
}

function ageOf(api: Api, time: string): string {
  const seconds = Math.max(0, Math.floor((api.surroundings.now() - Date.parse(time)) / 1000))
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 180) return minutes < 10 && seconds % 60 ? `${minutes}m${seconds % 60}s` : `${minutes}m`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`
}

/** `kubectl logs`, with `-f` until somebody interrupts. */
export async function logs(api: Api, line: CommandLine): Promise<void> {
  const { print, sleep, signal } = api.surroundings
  const namespace = namespaceOf(line) ?? 'default'
  const pods = await podsFor(api, line, namespace)
  const read = async (pod: string) => {
    const query = new URLSearchParams()
    const container = line.flag('container') ?? line.args[2]
    if (container) query.set('container', container)
    if (line.has('previous')) query.set('previous', 'true')
    if (line.has('timestamps')) query.set('timestamps', 'true')
    const tail = line.flag('tail')
    if (tail && !line.has('follow')) query.set('tailLines', tail)
    const text = query.toString()
    return (await api.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log${text ? `?${text}` : ''}`))
      .split('\n')
      .slice(0, -1)
  }
  const seen = new Map<string, number>()
  const tail = Number(line.flag('tail') ?? Number.POSITIVE_INFINITY)
  do {
    for (const pod of pods) {
      const lines = await read(pod)
      const from = seen.get(pod) ?? Math.max(0, lines.length - (line.has('follow') ? tail : Number.POSITIVE_INFINITY))
      lines.slice(from).forEach((each) => print(pods.length > 1 || line.has('prefix') ? `[pod/${pod}] ${each}` : each))
      // A log that began anew is shorter.
      seen.set(pod, lines.length)
    }
    if (line.has('follow')) await sleep(lookAgainMs)
  } while (line.has('follow') && !signal.aborted)
}

/** The pods that a command means: one by name, those of a workload, or those of a selector. */
export async function podsFor(api: Api, line: CommandLine, namespace: string): Promise<string[]> {
  const selector = line.flags('selector').join(',')
  const [, name = ''] = line.args
  if (!selector && !name) throw new KubectlError('error: a pod, TYPE/NAME or a selector (-l) is needed')
  if (!selector && !name.includes('/')) return [name]
  if (!selector && /^(po|pods?)\//.test(name)) return [name.split('/')[1]!]
  const labels = selector || (await selectorOf(api, name, namespace))
  const { items } = await api.get(`/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(labels)}`)
  if (items.length === 0) throw new KubectlError(`No resources found in ${namespace} namespace.`)
  const names = (items as Loose[]).map((item) => item.metadata.name as string)
  return selector || line.has('all-pods') ? names : names.slice(0, 1)
}

async function selectorOf(api: Api, typed: string, namespace: string): Promise<string> {
  const [type = '', name = ''] = typed.split('/')
  const object = await api.get(pathOf(await resourceNamed(api, type), namespace, name))
  const labels = object.spec?.selector?.matchLabels ?? object.spec?.selector ?? {}
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** `kubectl events` and what `get events` sorts by. */
export async function events(api: Api, line: CommandLine): Promise<void> {
  const { print } = api.surroundings
  const namespace = namespaceOf(line)
  const { items } = await api.get(namespace === undefined ? '/api/v1/events' : `/api/v1/namespaces/${namespace}/events`)
  const about = line.flag('for')?.split('/')
  const time = (each: Loose) => each.lastTimestamp ?? each.eventTime ?? each.metadata.creationTimestamp
  const rows = (items as Loose[])
    .filter(
      ({ involvedObject }) =>
        !about ||
        (involvedObject.name === about[1] && involvedObject.kind.toLowerCase().startsWith(about[0]!.replace(/s$/, ''))),
    )
    .filter(({ type }) => !line.flag('types') || line.flag('types')!.split(',').includes(type))
    .sort((a, b) => Date.parse(time(a)) - Date.parse(time(b)))
    .map((each) => [
      ...(namespace === undefined ? [each.metadata.namespace] : []),
      ageOf(api, time(each)),
      each.type,
      each.reason,
      `${each.involvedObject.kind}/${each.involvedObject.name}`,
      each.message ?? '',
    ])
  if (rows.length === 0) return print(`No events found in ${namespace ?? 'any'} namespace.`)
  columns([
    [...(namespace === undefined ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'],
    ...rows,
  ]).forEach(print)
}

/** `kubectl top nodes|pods` */
export async function top(api: Api, line: CommandLine): Promise<void> {
  const { print } = api.surroundings
  const [, type = ''] = line.args
  if (!/^(no|nodes?|po|pods?)$/.test(type)) throw new KubectlError('error: top knows nodes and pods')
  if (type.startsWith('n')) {
    const [{ items }, nodes] = await Promise.all([
      api.get('/apis/metrics.k8s.io/v1beta1/nodes'),
      api.get('/api/v1/nodes'),
    ])
    if (items.length === 0) throw new KubectlError('error: metrics not available yet')
    const rows = (items as Loose[]).map(({ metadata: { name }, usage }) => {
      const { allocatable } = nodes.items.find((each: Loose) => each.metadata.name === name)?.status ?? {}
      const [cpu, memory] = [milli(usage.cpu), bytes(usage.memory)]
      const share = (used: number, all: number) => (all ? `${Math.floor((used / all) * 100)}%` : '<unknown>')
      return [
        name,
        `${cpu}m`,
        share(cpu, milli(allocatable?.cpu ?? '0')),
        mebi(memory),
        share(memory, bytes(allocatable?.memory ?? '0')),
      ]
    })
    return columns([['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], ...rows]).forEach(print)
  }
  const namespace = namespaceOf(line)
  const where = namespace === undefined ? '' : `/namespaces/${namespace}`
  const { items } = await api.get(`/apis/metrics.k8s.io/v1beta1${where}/pods`)
  if (items.length === 0) throw new KubectlError(`No resources found in ${namespace ?? 'any'} namespace.`)
  const sum = (containers: Loose[], read: (usage: Loose) => number) =>
    containers.reduce((all, each) => all + read(each.usage), 0)
  const rows = (items as Loose[]).map(({ metadata, containers }) => [
    ...(namespace === undefined ? [metadata.namespace] : []),
    metadata.name,
    `${sum(containers, (usage) => milli(usage.cpu))}m`,
    mebi(sum(containers, (usage) => bytes(usage.memory))),
  ])
  columns([
    [...(namespace === undefined ? ['NAMESPACE'] : []), 'NAME', 'CPU(cores)', 'MEMORY(bytes)'],
    ...rows,
  ]).forEach(print)
}

const mebi = (count: number) => `${Math.floor(count / 2 ** 20)}Mi`

function milli(quantity: string): number {
  const value = Number.parseFloat(quantity)
  return Math.ceil(
    quantity.endsWith('n')
      ? value / 1e6
      : quantity.endsWith('u')
        ? value / 1e3
        : quantity.endsWith('m')
          ? value
          : value * 1e3,
  )
}

function bytes(quantity: string): number {
  const [, value = '0', unit = ''] = /^([\d.]+)(\w*)$/.exec(quantity) ?? []
  const factors: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, k: 1e3, M: 1e6, G: 1e9 }
  return Number(value) * (factors[unit] ?? 1)
}

/** `kubectl api-resources` */
export async function apiResources(api: Api, line: CommandLine): Promise<void> {
  const group = line.flag('api-group')
  const rows = (await api.discover())
    .filter((each) => group === undefined || each.group === group)
    .filter((each) => !line.has('namespaced') || each.namespaced)
    .map((each) => [
      each.name,
      each.shortNames?.join(',') ?? '',
      each.group ? `${each.group}/${each.version}` : each.version,
      String(each.namespaced),
      each.kind,
    ])
  columns([['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...rows]).forEach((row) =>
    api.surroundings.print(row),
  )
}

/** `kubectl explain pods.spec.containers` */
export async function explain(api: Api, line: CommandLine): Promise<void> {
  const [word = '', ...fields] = (line.args[1] ?? '').split('.')
  if (!word) throw new KubectlError('error: explain TYPE, or TYPE.FIELD.FIELD')
  const resource = await resourceNamed(api, word)
  const { explained } = await import('./explain.ts')
  const text = explained(resource, fields)
  if (!text) throw new KubectlError(`error: field "${fields.join('.')}" does not exist in ${fullName(resource)}`)
  text.forEach((each) => api.surroundings.print(each))
}
