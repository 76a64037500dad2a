import type { Api, Loose, Resource } from './api.ts'
import { KubectlError, pathOf } from './api.ts'
import { objectsOf, targetsOf } from './get.ts'
import { columns, typedName } from './print.ts'
import type { CommandLine } from './words.ts'

const strategic = 'application/strategic-merge-patch+json'
const lookAgainMs = 300
const revisionOf = (object: Loose) => Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)

/** `kubectl rollout status|restart|undo|history|pause|resume` */
export async function rollout(api: Api, line: CommandLine): Promise<void> {
  const [, verb = '', ...args] = line.args
  const found = await objectsOf(api, line, await targetsOf(api, args))
  for (const { resource, object } of found) {
    const path = pathOf(resource, object.metadata.namespace, object.metadata.name)
    const name = typedName(resource, object.metadata.name)
    const said = (words: string) => api.surroundings.print(`${name} ${words}`)
    switch (verb) {
      case 'status':
        await status(api, resource, path)
        break
      case 'restart': {
        const at = new Date(api.surroundings.now()).toISOString().replace(/\.\d+Z$/, 'Z')
        const annotations = { 'kubectl.kubernetes.io/restartedAt': at }
        await api.send('PATCH', path, { spec: { template: { metadata: { annotations } } } }, strategic)
        said('restarted')
        break
      }
      case 'pause':
      case 'resume':
        await api.merge(path, { spec: { paused: verb === 'pause' ? true : null } })
        said(`${verb}d`)
        break
      case 'history':
        await history(api, object, name)
        break
      case 'undo':
        await undo(api, line, object, path)
        said('rolled back')
        break
      default:
        throw new KubectlError(`error: rollout knows status, restart, undo, history, pause and resume, not "${verb}"`)
    }
  }
}

async function status(api: Api, resource: Resource, path: string): Promise<void> {
  const { print, sleep, signal } = api.surroundings
  let before = ''
  while (!signal.aborted) {
    const [words, isDone] = progress(await api.get(path), resource)
    if (words !== before) print(words)
    before = words
    if (isDone) return
    await sleep(lookAgainMs)
  }
}

/** Upstream: kubectl/pkg/polymorphichelpers/rollout_status.go */
function progress({ kind, metadata, spec, status = {} }: Loose, resource: Resource): [words: string, isDone: boolean] {
  const { name, generation } = metadata
  if ((status.observedGeneration ?? 0) < generation)
    return ['Waiting for deployment spec update to be observed...', false]
  if (kind === 'Deployment') {
    const failed = status.conditions?.find(
      (each: Loose) => each.type === 'Progressing' && each.reason === 'ProgressDeadlineExceeded',
    )
    if (failed) throw new KubectlError(`error: deployment "${name}" exceeded its progress deadline`)
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status
    const waiting = `Waiting for deployment "${name}" rollout to finish:`
    if (updatedReplicas < spec.replicas)
      return [`${waiting} ${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`, false]
    if (replicas > updatedReplicas)
      return [`${waiting} ${replicas - updatedReplicas} old replicas are pending termination...`, false]
    if (availableReplicas < updatedReplicas)
      return [`${waiting} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`, false]
    return [`deployment "${name}" successfully rolled out`, true]
  }
  const wanted = kind === 'DaemonSet' ? status.desiredNumberScheduled : spec.replicas
  const updated = (kind === 'DaemonSet' ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0
  const ready = (kind === 'DaemonSet' ? status.numberAvailable : status.readyReplicas) ?? 0
  if (wanted === undefined) throw new KubectlError(`error: no status viewer has been implemented for ${resource.kind}`)
  if (updated < wanted)
    return [
      `Waiting for ${resource.singularName} rolling update to complete: ${updated} out of ${wanted} new pods have been updated...`,
      false,
    ]
  if (ready < wanted) return [`Waiting for ${wanted - ready} pods to be ready...`, false]
  return [`${resource.singularName} rolling update complete: ${wanted} pods`, true]
}

async function revisions(api: Api, { kind, metadata }: Loose): Promise<Loose[]> {
  if (kind !== 'Deployment') throw new KubectlError('error: the history of Deployments alone is known here')
  const { items } = await api.get(`/apis/apps/v1/namespaces/${metadata.namespace}/replicasets`)
  return (items as Loose[])
    .filter((each) => each.metadata.ownerReferences?.some((owner: Loose) => owner.uid === metadata.uid))
    .sort((a, b) => revisionOf(a) - revisionOf(b))
}

async function history(api: Api, object: Loose, name: string): Promise<void> {
  const rows = (await revisions(api, object)).map((each) => [
    String(revisionOf(each)),
    each.metadata.annotations?.['kubernetes.io/change-cause'] ?? '<none>',
  ])
  api.surroundings.print(name)
  columns([['REVISION', 'CHANGE-CAUSE'], ...rows]).forEach((row) => api.surroundings.print(row))
}

async function undo(api: Api, line: CommandLine, object: Loose, path: string): Promise<void> {
  const wanted = Number(line.flag('to-revision') ?? 0)
  const all = await revisions(api, object)
  const target = wanted ? all.find((each) => revisionOf(each) === wanted) : all.at(-2)
  if (!target)
    throw new KubectlError(
      wanted
        ? `error: unable to find specified revision ${wanted} in history`
        : `error: no rollout history found for deployment "${object.metadata.name}"`,
    )
  const { labels, ...metadata } = target.spec.template.metadata
  const { 'pod-template-hash': _, ...own } = labels
  const template = { ...target.spec.template, metadata: { ...metadata, labels: own } }
  await api.send(
    'PATCH',
    path,
    [{ op: 'replace', path: '/spec/template', value: template }],
    'application/json-patch+json',
  )
}
