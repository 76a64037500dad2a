import type { Api, Loose, Resource } from './api.ts'
import { fullName, KubectlError, pathOf, resourceNamed } from './api.ts'
import type { TableOptions } from './print.ts'
import { columns, customColumns, formatted, tableRows, typedName } from './print.ts'
import type { CommandLine } from './words.ts'

/** What a command is about: a resource, and names in it when some are given. */
export interface Target {
  readonly resource: Resource
  readonly names: readonly string[]
}

const watchEveryMs = 400

/** Reads `pods web-1`, `pods,svc`, `pod/web-1 svc/web` and `all`. */
export async function targetsOf(api: Api, args: readonly string[]): Promise<Target[]> {
  if (args.length === 0)
    throw new KubectlError(
      'error: You must specify the type of resource, for example: get pods. api-resources lists them.',
    )
  if (args.every((arg) => arg.includes('/'))) {
    return Promise.all(
      args.map(async (arg) => {
        const [type = '', name = ''] = arg.split('/')
        return { resource: await resourceNamed(api, type), names: [name] }
      }),
    )
  }
  const [types = '', ...names] = args
  const found = await Promise.all(
    types.split(',').map(async (type) => {
      if (type !== 'all') return [await resourceNamed(api, type)]
      return (await api.discover()).filter((each) => each.categories?.includes('all'))
    }),
  )
  return found.flat().map((resource) => ({ resource, names }))
}

/** Where a command looks: a namespace, or undefined for all of them. */
export function namespaceOf(line: CommandLine): string | undefined {
  return line.has('all-namespaces') ? undefined : (line.flag('namespace') ?? 'default')
}

function queryOf(line: CommandLine): string {
  const query = new URLSearchParams()
  const selector = line.flags('selector').join(',')
  if (selector) query.set('labelSelector', selector)
  const fields = line.flag('field-selector')
  if (fields) query.set('fieldSelector', fields)
  const text = query.toString()
  return text ? `?${text}` : ''
}

/** `kubectl get` */
export async function get(api: Api, line: CommandLine): Promise<void> {
  const targets = await targetsOf(api, line.args.slice(1))
  const output = line.flag('output') ?? ''
  if (output === '' || output === 'wide')
    return line.has('watch') ? watch(api, line, targets) : tables(api, line, targets)
  const objects = await objectsOf(api, line, targets)
  const { print } = api.surroundings
  if (output === 'name')
    return objects.forEach(({ resource, object }) => print(typedName(resource, object.metadata.name)))
  if (output.startsWith('custom-columns='))
    return columns(
      customColumns(
        objects.map(({ object }) => object),
        output.slice(15),
      ),
    ).forEach(print)
  const isOne = targets.length === 1 && targets[0]!.names.length === 1
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    metadata: { resourceVersion: '' },
    items: objects.map(({ object }) => object),
  }
  print(formatted(isOne ? list.items[0] : list, output, line.has('show-managed-fields')))
}

/** The objects of some targets, each with its resource. */
export async function objectsOf(
  api: Api,
  line: CommandLine,
  targets: readonly Target[],
): Promise<{ readonly resource: Resource; readonly object: Loose }[]> {
  const namespace = namespaceOf(line)
  const found = await Promise.all(
    targets.map(async ({ resource, names }) => {
      if (names.length > 0)
        return Promise.all(names.map((name) => api.get(pathOf(resource, namespace ?? 'default', name))))
      const { items, apiVersion, kind } = await api.get(`${pathOf(resource, namespace)}${queryOf(line)}`)
      return (items as Loose[]).map((item) => ({ apiVersion, kind: kind.replace(/List$/, ''), ...item }))
    }),
  )
  return found.flatMap((objects, index) => objects.map((object) => ({ resource: targets[index]!.resource, object })))
}

async function tables(api: Api, line: CommandLine, targets: readonly Target[]): Promise<void> {
  const { print } = api.surroundings
  const isMixed = targets.length > 1
  let shown = 0
  for (const { resource, names } of targets) {
    const table = await tableOf(api, line, { resource, names })
    if (!table || table.rows.length === 0) continue
    if (shown++ > 0) print('')
    const prefix = isMixed ? `${fullName({ ...resource, name: resource.singularName })}/` : ''
    columns(tableRows(sorted(table, line), { ...optionsOf(line, resource), prefix })).forEach(print)
  }
  if (shown === 0) print(nothing(line, targets))
}

function nothing(line: CommandLine, targets: readonly Target[]): string {
  const namespace = namespaceOf(line)
  const isCluster = targets.every(({ resource }) => !resource.namespaced)
  return namespace === undefined || isCluster ? 'No resources found' : `No resources found in ${namespace} namespace.`
}

async function tableOf(api: Api, line: CommandLine, { resource, names }: Target): Promise<Loose> {
  const namespace = namespaceOf(line)
  if (names.length === 0) return api.table(`${pathOf(resource, namespace)}${queryOf(line)}`)
  const tables = await Promise.all(
    names.map((name) =>
      api.table(pathOf(resource, namespace ?? 'default', name)).catch((error: unknown) => {
        if (line.has('ignore-not-found')) return { rows: [] }
        throw error
      }),
    ),
  )
  return { ...tables.find((table) => table.columnDefinitions), rows: tables.flatMap((table) => table.rows) }
}

function optionsOf(line: CommandLine, resource: Resource): TableOptions {
  return {
    wide: line.flag('output') === 'wide',
    withNamespace: line.has('all-namespaces') && resource.namespaced,
    withLabels: line.has('show-labels'),
    labelColumns: line.flags('label-columns').flatMap((each) => each.split(',')),
    noHeaders: line.has('no-headers'),
  }
}

/** By a path of the objects: times and names are all that a table's rows carry. */
function sorted(table: Loose, line: CommandLine): Loose {
  const by = line.flag('sort-by')?.replace(/^\{?\.?|\}$/g, '')
  if (!by) return table
  const value = ({ object }: Loose) => String(by.split('.').reduce<Loose>((at, step) => at?.[step], object) ?? '')
  return { ...table, rows: [...table.rows].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0)) }
}

/** Prints what is there, then each row that changed, until somebody interrupts. */
async function watch(api: Api, line: CommandLine, targets: readonly Target[]): Promise<void> {
  const { print, sleep, signal } = api.surroundings
  const [target] = targets
  if (!target || targets.length > 1)
    throw new KubectlError('error: you may only specify a single resource type to watch')
  const seen = new Map<string, string>()
  let before: string[][] = []
  for (let first = true; !signal.aborted; first = false) {
    const table = await tableOf(api, line, target).catch((error: unknown) => {
      if (first) throw error
      return { rows: [] }
    })
    const fresh = (table.rows as Loose[]).filter(({ object: { metadata } }) => {
      const key = `${metadata.namespace}/${metadata.name}`
      const isNew = seen.get(key) !== metadata.resourceVersion
      seen.set(key, metadata.resourceVersion)
      return isNew
    })
    if (fresh.length > 0) {
      const rows = tableRows({ ...table, rows: fresh }, { ...optionsOf(line, target.resource), noHeaders: !first })
      // Later rows stand under the first ones.
      columns([...before, ...rows])
        .slice(before.length)
        .forEach(print)
      if (first) before = rows
    }
    await sleep(watchEveryMs)
  }
}
