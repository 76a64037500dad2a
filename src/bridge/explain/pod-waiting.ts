import { finding, nearMisses, type Candidate, type Finding } from './finding.ts'
import type { Look, Subject } from './look.ts'
import { containersOf, podEdit, rollBack, samePodRuns, type ContainerPlace } from './pod-candidates.ts'
import type { Step } from './types.ts'

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'InspectFailed',
])

/** A pod that has a node, and a container of which waits for an image, for its configuration, or for a volume. */
export function podWaiting(look: Look, subject: Subject): Finding | undefined {
  const { object: pod } = subject
  for (const place of containersOf(pod)) {
    const waiting = place.status?.state?.waiting
    if (!waiting) continue
    if (imageReasons.has(waiting.reason)) return imageFinding(look, subject, place)
    if (waiting.reason === 'CreateContainerConfigError') return configFinding(look, subject, place)
  }
  const [mount] = look.events(pod, 'FailedMount', 'FailedAttachVolume')
  const isCreating = containersOf(pod).some(({ status }) =>
    /^(ContainerCreating|PodInitializing)$/.test(status?.state?.waiting?.reason),
  )
  if (!isCreating || pod.status?.phase !== 'Pending') return undefined
  if (mount) return volumeFinding(look, subject, mount)
  return finding('wait', 'podStarting', { node: pod.spec.nodeName }, { steps: pullingSteps(look, subject) })
}

function pullingSteps(look: Look, { object: pod }: Subject): Step[] {
  const [pulling] = look.events(pod, 'Pulling')
  const [pulled] = look.events(pod, 'Pulled')
  if (!pulling || (pulled && look.eventAt(pulled) >= look.eventAt(pulling))) return []
  return [{ code: 'event', params: { reason: pulling.reason, message: pulling.message }, at: look.eventAt(pulling) }]
}

function imageFinding(look: Look, subject: Subject, place: ContainerPlace): Finding {
  const { spec, status, list, index } = place
  const { reason, message = '' } = status.state.waiting
  return finding(
    'fail',
    'podImage',
    { image: spec.image, container: spec.name, reason },
    {
      steps: [{ code: 'serverSays', tone: 'fail', params: { message } }],
      candidates: () => [
        rollBack(look, subject),
        ...imagesLike(look, spec.image).map((image) =>
          podEdit(look, subject, 'setImage', { from: spec.image, to: image }, [
            { at: [list, index, 'image'], value: image },
          ]),
        ),
        reason === 'ErrImageNeverPull' &&
          podEdit(look, subject, 'pullIfNotPresent', {}, [
            { at: [list, index, 'imagePullPolicy'], value: 'IfNotPresent' },
          ]),
      ],
    },
  )
}

/** Images that nodes of the cluster have, or a registry's, and that are named almost the same. */
function imagesLike(look: Look, image: string): string[] {
  const known = new Set<string>()
  for (const { spec } of look.list('pods'))
    for (const one of spec.containers) if (one.image !== image) known.add(one.image)
  for (const machine of look.cluster.machines.list()) for (const name of Object.keys(machine.images)) known.add(name)
  const sameRepository = image.replace(/:[^/:]*$/, '')
  const others = [...known].filter((name) => name.replace(/:[^/:]*$/, '') === sameRepository && name !== image)
  const fixed = image.toLowerCase().replace(/\s/g, '')
  return [...new Set([...(fixed !== image ? [fixed] : []), ...others, ...nearMisses(image, [...known])])].slice(0, 3)
}

/** A ConfigMap or Secret, or a key of it, that a container needs and that is not there. */
function configFinding(look: Look, subject: Subject, place: ContainerPlace): Finding {
  const { spec, status } = place
  const { message = '' } = status.state.waiting
  const need = needOf(message)
  return finding(
    'fail',
    need ? 'podNeeds' : 'podConfig',
    { container: spec.name, ...need, message },
    {
      steps: [{ code: 'serverSays', tone: 'fail', params: { message } }],
      candidates: () => (need ? referenceCandidates(look, subject, need) : []),
    },
  )
}

interface Need {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
}

function needOf(message: string): Need | undefined {
  const [, kind, name] = /\b(configmap|secret) "([^"]+)" not found/.exec(message) ?? []
  return kind && name ? { kind: kind === 'secret' ? 'Secret' : 'ConfigMap', name } : undefined
}

/** Every place in a pod's spec that names it; a name almost the same; and the thing itself, made new. */
function referenceCandidates(look: Look, subject: Subject, { kind, name }: Need): Candidate[] {
  const { namespace = '' } = subject.object.metadata
  const resource = kind === 'Secret' ? 'secrets' : 'configmaps'
  const places: { at: (string | number)[]; key?: string }[] = []
  const walk = (value: any, at: (string | number)[]) => {
    if (typeof value !== 'object' || value === null) return
    const parent = String(at.at(-1))
    const isReference = kind === 'Secret' ? /^secret(KeyRef|Ref)?$/ : /^configMap(KeyRef|Ref)?$/
    for (const field of ['name', 'secretName'])
      if (isReference.test(parent) && value[field] === name) places.push({ at: [...at, field], key: value.key })
    for (const [part, child] of Object.entries(value)) walk(child, [...at, Array.isArray(value) ? Number(part) : part])
  }
  walk(subject.object.spec, [])
  const names = look.list(resource, namespace).map(({ metadata }) => metadata.name)
  const renamed = nearMisses(name, names).map((to) =>
    podEdit(
      look,
      subject,
      'renameReference',
      { kind, from: name, to },
      places.map(({ at }) => ({ at, value: to })),
    ),
  )
  const keys = [...new Set(places.flatMap(({ key }) => key ?? []))]
  const data = keys.map((key) => `\n  ${JSON.stringify(key)}: ""`).join('')
  const text = `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${JSON.stringify(name)}, namespace: ${JSON.stringify(namespace)} }\n${
    data ? `${kind === 'Secret' ? 'stringData' : 'data'}:${data}\n` : ''
  }`
  return [
    ...renamed,
    {
      code: 'createMissing',
      params: { kind, name, keys: keys.join(', ') },
      object: subject,
      action: { type: 'apply', file: '', text },
      withinMs: 180_000,
      solved: samePodRuns(look, subject),
    },
  ]
}

function volumeFinding(look: Look, subject: Subject, event: any): Finding {
  const { message } = event
  const need = needOf(message)
  return finding(
    'fail',
    need ? 'podVolumeNeeds' : 'podVolume',
    { ...need, reason: event.reason, message },
    {
      steps: [
        { code: 'event', tone: 'fail', params: { reason: event.reason, message }, at: look.eventAt(event) },
        ...attachedElsewhere(look, subject, message),
      ],
      candidates: () => (need ? referenceCandidates(look, subject, need) : []),
    },
  )
}

/** A volume that another node still holds. */
function attachedElsewhere(look: Look, { object: pod }: Subject, message: string): Step[] {
  if (!message.includes('Multi-Attach')) return []
  const volume = /volume "([^"]+)"/.exec(message)?.[1]
  return look
    .list('volumeattachments.storage.k8s.io')
    .filter(({ spec }) => spec.source?.persistentVolumeName === volume && spec.nodeName !== pod.spec.nodeName)
    .map(({ spec }) => ({
      code: 'attachedTo',
      tone: 'warn' as const,
      params: { volume: volume ?? '', node: spec.nodeName },
      object: { resource: 'nodes', key: spec.nodeName },
    }))
}

export function eventSteps(look: Look, { object }: Subject, ...reasons: string[]): Step[] {
  return look
    .events(object, ...reasons)
    .slice(0, 3)
    .map((event) => ({
      code: 'event',
      params: { reason: event.reason, message: event.message },
      at: look.eventAt(event),
      ...(event.type === 'Warning' && { tone: 'warn' as const }),
    }))
}
