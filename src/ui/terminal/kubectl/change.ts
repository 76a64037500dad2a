import type { Api, Loose, Resource } from './api.ts'
import { KubectlError, pathOf, resourceNamed } from './api.ts'
import { namespaceOf, objectsOf, targetsOf } from './get.ts'
import { typedName } from './print.ts'
import type { CommandLine } from './words.ts'

const strategic = 'application/strategic-merge-patch+json'

/** Where a command that changes things does so. */
const spaceOf = (line: CommandLine) => namespaceOf(line) ?? 'default'

/** `kubectl apply -f FILE`: a file of the editor. */
export async function apply(api: Api, line: CommandLine): Promise<void> {
  const { files, print, apply: applyFile } = api.surroundings
  const wanted = line.flags('filename').flatMap((each) => each.split(','))
  if (wanted.length === 0) throw new KubectlError('error: must specify -f, with a file of the editor')
  const names = files().map(({ name }) => name)
  for (const path of wanted) {
    const name = path.replace(/^\.\//, '')
    const chosen = name === '.' ? names : [name]
    for (const file of chosen) {
      if (!names.includes(file))
        throw new KubectlError(
          `error: the path "${path}" does not exist: the editor has ${names.join(', ') || 'no files'}`,
        )
      for (const { object, result, message } of await applyFile(file, line.flag('namespace'))) {
        const [, kind = '', key = ''] = object.split(' ')
        const shown = `${kind.toLowerCase()}/${key.split('/').at(-1)}`
        print(result === 'refused' ? `${object ? `${shown}: ` : ''}${message ?? result}` : `${shown} ${result}`)
      }
    }
  }
}

/** `kubectl delete` */
export async function remove(api: Api, line: CommandLine): Promise<void> {
  const targets = line.has('filename') ? await targetsOfFiles(api, line) : await targetsOf(api, line.args.slice(1))
  const isAll = line.has('all') || line.flags('selector').length > 0
  if (!isAll && targets.some(({ names }) => names.length === 0))
    throw new KubectlError('error: resource(s) were provided, but no name was specified')
  const grace = line.has('now') ? '1' : line.has('force') ? '0' : line.flag('grace-period')
  for (const { resource, object } of await objectsOf(api, line, targets)) {
    const { name, namespace } = object.metadata
    const path = pathOf(resource, namespace, name)
    const query = ['propagationPolicy=Background', ...(grace === undefined ? [] : [`gracePeriodSeconds=${grace}`])]
    await api.send('DELETE', `${path}?${query.join('&')}`)
    const where = resource.namespaced ? ` from ${namespace} namespace` : ''
    api.surroundings.print(
      `${typedName(resource, name).replace('/', ' "')}" ${grace === '0' ? 'force ' : ''}deleted${where}`,
    )
  }
}

async function targetsOfFiles(api: Api, line: CommandLine) {
  const { readYaml } = await import('../../../machinery/yaml.ts')
  const wanted = line.flags('filename')
  const files = api.surroundings.files().filter(({ name }) => wanted.includes(name))
  if (files.length === 0) throw new KubectlError(`error: the editor has no file ${wanted.join(', ')}`)
  const objects = files.flatMap(({ text }) =>
    readYaml(text, { tolerant: true }).flatMap(({ value }) => (value ? [value] : [])),
  )
  return Promise.all(
    (objects as Loose[]).map(async ({ kind, metadata }) => ({
      resource: await resourceNamed(api, kind),
      names: [metadata.name as string],
    })),
  )
}

/** `kubectl scale --replicas=N` */
export async function scale(api: Api, line: CommandLine): Promise<void> {
  const replicas = Number(line.flag('replicas'))
  if (!line.has('replicas') || !Number.isInteger(replicas) || replicas < 0)
    throw new KubectlError('error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
  for (const { resource, names } of await targetsOf(api, line.args.slice(1)))
    for (const name of names) {
      await api.merge(`${pathOf(resource, spaceOf(line), name)}/scale`, { spec: { replicas } })
      api.surroundings.print(`${typedName(resource, name)} scaled`)
    }
}

/** `kubectl label` and `kubectl annotate`: `key=value` sets, `key-` takes away. */
export async function mark(api: Api, line: CommandLine, field: 'labels' | 'annotations'): Promise<void> {
  const isChange = (arg: string) => arg.includes('=') || arg.endsWith('-')
  const changes = line.args.slice(1).filter(isChange)
  const rest = line.args.slice(1).filter((arg) => !isChange(arg))
  if (changes.length === 0) throw new KubectlError(`error: at least one ${field.slice(0, -1)} update is required`)
  for (const { resource, object } of await objectsOf(api, line, await targetsOf(api, rest))) {
    const { name, namespace } = object.metadata
    const old = object.metadata[field] ?? {}
    const next: Record<string, string | null> = {}
    for (const change of changes) {
      const at = change.indexOf('=')
      const key = at < 0 ? change.slice(0, -1) : change.slice(0, at)
      if (at >= 0 && old[key] !== undefined && old[key] !== change.slice(at + 1) && !line.has('overwrite'))
        throw new KubectlError(`error: '${key}' already has a value (${old[key]}), and --overwrite is false`)
      next[key] = at < 0 ? null : change.slice(at + 1)
    }
    await api.merge(pathOf(resource, namespace, name), { metadata: { [field]: next } })
    const done = Object.values(next).every((value) => value === null)
      ? field === 'labels'
        ? 'unlabeled'
        : 'annotated'
      : `${field === 'labels' ? 'labeled' : 'annotated'}`
    api.surroundings.print(`${typedName(resource, name)} ${done}`)
  }
}

/** `kubectl taint nodes NAME key=value:Effect` and `key:Effect-` */
export async function taint(api: Api, line: CommandLine): Promise<void> {
  const [, type = '', ...more] = line.args
  const node = await resourceNamed(api, type)
  const changes = more.filter((arg) => arg.includes(':') || arg.endsWith('-'))
  const names = line.has('all')
    ? (await api.get(pathOf(node, undefined))).items.map((each: Loose) => each.metadata.name)
    : more.filter((arg) => !changes.includes(arg))
  if (names.length === 0 || changes.length === 0) throw new KubectlError('error: taint nodes NAME key=value:Effect')
  for (const name of names) {
    let taints: Loose[] = (await api.get(pathOf(node, undefined, name))).spec.taints ?? []
    for (const change of changes) {
      const [, key, value, effect, gone] = /^([^=:]+?)(?:=([^:]*))?(?::(\w+))?(-)?$/.exec(change) ?? []
      if (!key || (!gone && !effect)) throw new KubectlError(`error: invalid taint spec: ${change}`)
      taints = taints.filter((each) => each.key !== key || (effect && each.effect !== effect))
      if (!gone) taints.push({ key, ...(value && { value }), effect })
    }
    await api.merge(pathOf(node, undefined, name), { spec: { taints: taints.length > 0 ? taints : null } })
    api.surroundings.print(`node/${name} ${changes.every((change) => change.endsWith('-')) ? 'untainted' : 'tainted'}`)
  }
}

/** `kubectl cordon`, `uncordon` */
export async function cordon(api: Api, line: CommandLine, isCordon: boolean): Promise<void> {
  const node = await resourceNamed(api, 'nodes')
  for (const name of nodeNames(line)) {
    const before = await api.get(pathOf(node, undefined, name))
    const done = isCordon ? 'cordoned' : 'uncordoned'
    const already = (before.spec.unschedulable === true) === isCordon
    if (!already) await api.merge(pathOf(node, undefined, name), { spec: { unschedulable: isCordon || null } })
    api.surroundings.print(`node/${name} ${already ? 'already ' : ''}${done}`)
  }
}

/** `kubectl drain` */
export async function drain(api: Api, line: CommandLine): Promise<void> {
  for (const name of nodeNames(line)) {
    const result = await api.surroundings.drain(name)
    api.surroundings.print(
      result.ok ? `node/${name} drained` : `error: unable to drain node "${name}": ${result.message}`,
    )
  }
}

function nodeNames(line: CommandLine): string[] {
  const names = line.args.slice(1).map((arg) => arg.replace(/^nodes?\//, ''))
  if (names.length === 0) throw new KubectlError('error: a node is needed')
  return names
}

/** `kubectl set image deployment/web container=image` */
export async function setImage(api: Api, line: CommandLine): Promise<void> {
  const [, what, ...more] = line.args
  if (what !== 'image') throw new KubectlError(`error: only "set image" is known here, not "set ${what ?? ''}"`)
  const changes = more.filter((arg) => arg.includes('='))
  for (const { resource, object } of await objectsOf(
    api,
    line,
    await targetsOf(
      api,
      more.filter((arg) => !arg.includes('=')),
    ),
  )) {
    const { name, namespace } = object.metadata
    const spec = object.kind === 'Pod' ? object.spec : object.spec.template.spec
    const containers = changes.flatMap((change) => {
      const [wanted = '', image = ''] = change.split(/=(.*)/)
      const fitting = (spec.containers as Loose[]).filter((each) => wanted === '*' || each.name === wanted)
      if (fitting.length === 0) throw new KubectlError(`error: unable to find container named "${wanted}"`)
      return fitting.map((each) => ({ name: each.name, image }))
    })
    const change = object.kind === 'Pod' ? { containers } : { template: { spec: { containers } } }
    await api.send('PATCH', pathOf(resource, namespace, name), { spec: change }, strategic)
    api.surroundings.print(`${typedName(resource, name)} image updated`)
  }
}

/** `kubectl patch TYPE NAME -p '{…}'` */
export async function patch(api: Api, line: CommandLine): Promise<void> {
  const body: unknown = JSON.parse(line.flag('patch') ?? '{}')
  const type =
    { json: 'application/json-patch+json', merge: 'application/merge-patch+json' }[line.flag('type') ?? ''] ?? strategic
  for (const { resource, names } of await targetsOf(api, line.args.slice(1)))
    for (const name of names) {
      await api.send('PATCH', pathOf(resource, spaceOf(line), name), body, type)
      api.surroundings.print(`${typedName(resource, name)} patched`)
    }
}

/** Creates an object where its kind says, and tells of it. */
export async function post(api: Api, object: Loose, namespace: string, done = 'created'): Promise<void> {
  const resource: Resource = await resourceNamed(api, object.kind)
  const made = await api.send('POST', pathOf(resource, namespace), object)
  api.surroundings.print(`${typedName(resource, made.metadata.name)} ${done}`)
}
