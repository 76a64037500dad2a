import { endpointsIn, isEndpointReady, serviceOf } from '../../kinds/endpointslice/endpoints.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { matchesLabels } from '../../machinery/selectors.ts'
import { finding, nearMisses, type Candidate, type Question } from './finding.ts'
import { isReady, refOf, type Look, type Subject } from './look.ts'
import type { Say, Step } from './types.ts'

const solvedMs = 20_000

/** A Service, and whether anybody answers behind it. */
export const serviceQuestion: Question = (look, subject) => {
  const { object: service } = subject
  const { spec } = service
  const { name, namespace } = service.metadata
  if (spec.type === 'ExternalName') return finding('ok', 'serviceExternal', { target: spec.externalName ?? '' })
  const { ready, all } = endpointsOf(look, service)
  if (!spec.selector)
    return finding(ready > 0 ? 'ok' : 'warn', ready > 0 ? 'serviceManual' : 'serviceNoSelector', { count: ready })
  const pods = look
    .list('pods', namespace)
    .filter((pod) => isAlive(pod) && matchesLabels(spec.selector, pod.metadata.labels))
  if (pods.length === 0) return nothingSelected(look, subject)
  const lost = (spec.ports ?? []).filter(
    ({ targetPort }: any) => typeof targetPort === 'string' && !pods.some((pod) => namesPort(pod, targetPort)),
  )
  if (lost.length > 0) return portsMissing(look, subject, lost, pods)
  const dead = (spec.ports ?? []).filter(
    ({ targetPort, port }: any) => !pods.some((pod) => opensPort(pod, targetPort ?? port)),
  )
  if (ready === 0)
    return finding(
      'fail',
      'serviceNoneReady',
      { count: pods.length, name },
      {
        steps: pods
          .filter((pod) => !isReady(pod))
          .slice(0, 5)
          .map(podStep),
      },
    )
  const unready = pods.filter((pod) => !isReady(pod))
  const more = {
    because: dead.map(({ targetPort, port }: any): Say => ({
      code: 'undeclaredPort',
      params: { port: targetPort ?? port },
    })),
    steps: unready.slice(0, 5).map(podStep),
  }
  if (dead.length > 0 && dead.length === (spec.ports ?? []).length && pods.every((pod) => declaresPorts(pod)))
    return finding(
      'warn',
      'servicePortUndeclared',
      { port: dead[0].targetPort ?? dead[0].port, name },
      {
        ...more,
        because: [],
        candidates: () => portCandidates(subject, dead[0], pods),
      },
    )
  if (unready.length > 0)
    return finding('warn', 'serviceSomeReady', { ready, all: Math.max(all, pods.length) }, { ...more, because: [] })
  return finding('ok', 'serviceFine', { count: ready }, { ...more, because: [] })
}

function isAlive({ metadata, status }: KubeObject): boolean {
  return !metadata.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

function podStep(pod: KubeObject): Step {
  return {
    code: 'podNotReady',
    tone: 'warn',
    params: { name: pod.metadata.name, phase: pod.status?.phase ?? 'Pending' },
    object: refOf('pods', pod),
  }
}

/** Addresses that a Service's slices hold, and how many of them are ready, on a port that is there. */
export function endpointsOf(
  look: Look,
  { metadata: { name, namespace }, spec }: KubeObject,
): { ready: number; all: number } {
  const slices: any[] = look
    .list('endpointslices.discovery.k8s.io', namespace)
    .filter((slice: KubeObject) => serviceOf(slice) === `${namespace}/${name}`)
  const open = slices.filter(({ ports }) => !spec.ports?.length || ports?.length)
  const endpoints = open.flatMap(endpointsIn)
  return { ready: endpoints.filter(isEndpointReady).length, all: endpoints.length }
}

const portsIn = (pod: KubeObject): any[] =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ ports }: any) => ports ?? [])
const namesPort = (pod: KubeObject, wanted: string) => portsIn(pod).some(({ name }) => name === wanted)
const declaresPorts = (pod: KubeObject) => portsIn(pod).length > 0
const opensPort = (pod: KubeObject, wanted: string | number) =>
  !declaresPorts(pod) || portsIn(pod).some(({ name, containerPort }) => name === wanted || containerPort === wanted)

const answered = (look: Look, subject: Subject) => {
  const before = endpointsOf(look, subject.object).ready
  return (copy: Look): Say | undefined => {
    const { ready } = endpointsOf(copy, subject.object)
    return ready > before ? { code: 'endpoints', params: { count: ready } } : undefined
  }
}

function nothingSelected(look: Look, subject: Subject) {
  const { object: service, key, resource } = subject
  const { namespace } = service.metadata
  const selector: Record<string, string> = service.spec.selector
  const near = nearSelectors(look, namespace, selector)
  const text = Object.entries(selector)
    .map(([label, value]) => `${label}=${value}`)
    .join(', ')
  const elsewhere = look
    .list('pods')
    .filter(
      (pod) => isAlive(pod) && pod.metadata.namespace !== namespace && matchesLabels(selector, pod.metadata.labels),
    )
  const empty = look
    .list('deployments.apps', namespace)
    .filter(({ spec }) => spec.replicas === 0 && matchesLabels(selector, spec.template.metadata?.labels))
  return finding(
    'fail',
    'serviceSelectsNothing',
    { selector: text },
    {
      steps: [
        ...near.map(({ pods, differs }): Step => ({
          code: 'nearMiss',
          tone: 'warn',
          params: { count: pods.length, name: pods[0]!.metadata.name, ...differs },
          object: refOf('pods', pods[0]!),
        })),
        ...empty.map((one): Step => ({
          code: 'scaledToZero',
          tone: 'warn',
          params: { name: one.metadata.name },
          object: refOf('deployments.apps', one),
        })),
        ...elsewhere.slice(0, 1).map((pod): Step => ({
          code: 'otherNamespace',
          tone: 'warn',
          params: { namespace: pod.metadata.namespace ?? '', count: elsewhere.length },
          object: refOf('pods', pod),
        })),
      ],
      candidates: () => [
        ...near.map(({ edit, differs }): Candidate => ({
          code: 'setSelector',
          params: differs,
          object: { resource, key },
          edits: [edit],
          withinMs: solvedMs,
          solved: answered(look, subject),
        })),
        ...empty.map(({ metadata }): Candidate => ({
          code: 'scaleUp',
          params: { name: metadata.name, to: 1 },
          object: { resource: 'deployments.apps', key: `${metadata.namespace}/${metadata.name}` },
          action: {
            type: 'scale',
            resource: 'deployments.apps',
            namespace: metadata.namespace ?? '',
            name: metadata.name,
            replicas: 1,
          },
          withinMs: 60_000,
          solved: answered(look, subject),
        })),
      ],
    },
  )
}

interface Near {
  readonly pods: KubeObject[]
  readonly differs: { readonly label: string; readonly from: string; readonly to: string }
  readonly edit: { readonly path: readonly string[]; readonly value?: string }
}

/** Pods that all but one label of a selector would choose, by how they differ; most pods first. */
function nearSelectors(look: Look, namespace: string | undefined, selector: Record<string, string>): Near[] {
  const found = new Map<string, Near>()
  for (const pod of look.list('pods', namespace)) {
    if (!isAlive(pod)) continue
    const labels = pod.metadata.labels ?? {}
    const wrong = Object.keys(selector).filter((label) => labels[label] !== selector[label])
    if (wrong.length !== 1) continue
    const [label] = wrong as [string]
    const value = labels[label]
    const isOnly = Object.keys(selector).length === 1
    // With one label alone, any pod differs by one: then only what looks like it counts.
    if (isOnly && (value === undefined || nearMisses(selector[label]!, [value]).length === 0)) continue
    const id = `${label} ${value}`
    const known = found.get(id)
    if (known) known.pods.push(pod)
    else
      found.set(id, {
        pods: [pod],
        differs: { label, from: selector[label]!, to: value ?? '' },
        edit: { path: ['spec', 'selector', label], ...(value !== undefined && { value }) },
      })
  }
  return [...found.values()].sort((a, b) => b.pods.length - a.pods.length).slice(0, 3)
}

function portsMissing(look: Look, subject: Subject, lost: readonly any[], pods: readonly KubeObject[]) {
  const solved = answered(look, subject)
  return finding(
    'fail',
    'servicePortName',
    { port: lost[0].targetPort, count: pods.length },
    {
      steps: [
        {
          code: 'opens',
          params: { name: pods[0]!.metadata.name, ports: portsText(pods[0]!) },
          object: refOf('pods', pods[0]!),
        },
      ],
      candidates: () => portCandidates(subject, lost[0], pods, solved),
    },
  )
}

const portsText = (pod: KubeObject) =>
  portsIn(pod)
    .map(({ name, containerPort }) => (name ? `${name} (${containerPort})` : containerPort))
    .join(', ')

function portCandidates(
  { object, resource, key }: Subject,
  port: any,
  pods: readonly KubeObject[],
  solved?: Candidate['solved'],
): Candidate[] {
  const index = object.spec.ports.indexOf(port)
  const choices = [...new Set(portsIn(pods[0]!).map(({ name, containerPort }) => name ?? containerPort))]
  return choices.slice(0, 3).map((to) => ({
    code: 'setTargetPort',
    params: { from: port.targetPort ?? port.port, to },
    object: { resource, key },
    edits: [{ path: ['spec', 'ports', index, 'targetPort'], value: to }],
    withinMs: solvedMs,
    solved:
      solved ??
      ((copy) => {
        const { ready } = endpointsOf(copy, object)
        return ready > 0 ? { code: 'endpoints', params: { count: ready } } : undefined
      }),
  }))
}
