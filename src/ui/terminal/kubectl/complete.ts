import type { Api } from './api.ts'
import { fullName, resourceNamed } from './api.ts'
import { commandNames } from './run.ts'
import { readCommandLine } from './words.ts'

const ofNodes = ['cordon', 'uncordon', 'drain']
const ofPods = ['logs', 'exec']
const ofTypes = [
  'get',
  'describe',
  'delete',
  'scale',
  'label',
  'annotate',
  'patch',
  'expose',
  'taint',
  'explain',
  'top',
]
const verbs: Readonly<Record<string, readonly string[]>> = {
  rollout: ['status', 'restart', 'undo', 'history', 'pause', 'resume'],
  create: ['deployment', 'service', 'namespace', 'configmap', 'secret', 'serviceaccount', 'job', 'cronjob'],
  set: ['image'],
  top: ['nodes', 'pods'],
}
const outputs = ['wide', 'yaml', 'json', 'name']

/** What the last word of a line may become, and how many letters of it are typed. */
export async function completionsOf(
  api: Api,
  typed: string,
): Promise<{ readonly word: string; readonly options: readonly string[] }> {
  const words = typed.split(/\s+/)
  const word = words.at(-1) ?? ''
  const before = words.slice(0, -1).filter(Boolean)
  if (before[0] === 'kubectl' || before[0] === 'k') before.shift()
  const fitting = (options: Iterable<string>) => ({
    word,
    options: [...new Set(options)].filter((each) => each.startsWith(word)).sort(),
  })
  if (before.length === 0) return fitting([...commandNames, 'kubectl'])
  const { names, files } = api.surroundings
  const flag = before.at(-1)
  if (flag === '-n' || flag === '--namespace') return fitting(names('namespaces', undefined))
  if (flag === '-f' || flag === '--filename') return fitting(files().map(({ name }) => name))
  if (flag === '-o' || flag === '--output') return fitting(outputs)
  const line = readCommandLine(before)
  const [command = '', ...args] = line.args
  const namespace = line.has('all-namespaces') ? undefined : (line.flag('namespace') ?? 'default')
  if (ofNodes.includes(command)) return fitting(names('nodes', undefined))
  if (args.length === 0 && verbs[command]) return fitting(verbs[command])
  const list = async (type: string) => {
    const resource = await resourceNamed(api, type).catch(() => undefined)
    return resource ? names(fullName(resource), resource.namespaced ? namespace : undefined) : []
  }
  const slash = word.indexOf('/')
  if (slash > 0) {
    const type = word.slice(0, slash)
    return fitting((await list(type)).map((name) => `${type}/${name}`))
  }
  if (ofPods.includes(command) && args.length === 0) return fitting(names('pods', namespace))
  const typeAt = command === 'rollout' || command === 'set' ? 1 : 0
  if (!ofTypes.includes(command) && typeAt === 0) return fitting([])
  if (args.length > typeAt) return fitting(await list(args[typeAt]!))
  const all = await api.discover()
  return fitting(
    all.flatMap((each) => [
      each.name,
      ...(word.length > 0 && each.singularName.startsWith(word) && !each.name.startsWith(word)
        ? [each.singularName]
        : []),
    ]),
  )
}
