import type { KubeObject } from '../../machinery/objects.ts'
import { finding, nearMisses, type Candidate, type Question } from './finding.ts'
import type { Look, Subject } from './look.ts'
import { endpointsOf } from './service.ts'
import type { Step } from './types.ts'

interface Backend {
  readonly service: string
  readonly port?: string | number
  /** Where in the object the Service's name stands, and its port. */
  readonly nameAt: readonly (string | number)[]
  readonly portAt: readonly (string | number)[]
}

/** An Ingress or an HTTPRoute, and whether its backends are there and answer. */
export const routeQuestion: Question = (look, subject) => {
  const { object } = subject
  const { namespace } = object.metadata
  const backends = backendsOf(object)
  if (backends.length === 0) return finding('warn', 'routeNoBackend')
  const steps: Step[] = []
  const missing: Backend[] = []
  const portless: { backend: Backend; service: KubeObject }[] = []
  let silent = 0
  for (const backend of backends) {
    const key = `${namespace}/${backend.service}`
    const service = look.get('services', key)
    const ref = { resource: 'services', key }
    if (!service) {
      missing.push(backend)
      steps.push({ code: 'serviceMissing', tone: 'fail', params: { name: backend.service } })
      continue
    }
    const { port } = backend
    if (port !== undefined && !(service.spec.ports ?? []).some((one: any) => one.port === port || one.name === port)) {
      portless.push({ backend, service })
      steps.push({ code: 'servicePortMissing', tone: 'fail', params: { name: backend.service, port }, object: ref })
    } else if (service.spec.type !== 'ExternalName' && endpointsOf(look, service).ready === 0) {
      silent++
      steps.push({ code: 'serviceSilent', tone: 'fail', params: { name: backend.service }, object: ref })
    }
  }
  const candidates = () => [
    ...missing.flatMap((backend) => serviceCandidates(look, subject, backend)),
    ...portless.flatMap(({ backend, service }) => portCandidates(subject, backend, service)),
  ]
  if (missing.length > 0)
    return finding('fail', 'routeServiceMissing', { name: missing[0]!.service }, { steps, candidates })
  if (portless.length > 0) {
    const { service, port = '' } = portless[0]!.backend
    return finding('fail', 'routePortMissing', { name: service, port }, { steps, candidates })
  }
  if (silent > 0) return finding('fail', 'routeSilent', { count: silent }, { steps })
  return finding('ok', 'routeFine', { count: backends.length })
}

function backendsOf({ kind, spec }: KubeObject): Backend[] {
  if (kind === 'HTTPRoute')
    return (spec?.rules ?? []).flatMap((rule: any, i: number) =>
      (rule.backendRefs ?? []).flatMap((ref: any, j: number) => {
        const at = ['spec', 'rules', i, 'backendRefs', j]
        return ref.kind === undefined || ref.kind === 'Service'
          ? [{ service: ref.name, port: ref.port, nameAt: [...at, 'name'], portAt: [...at, 'port'] }]
          : []
      }),
    )
  const one = (backend: any, at: (string | number)[]): Backend[] =>
    backend?.service
      ? [
          {
            service: backend.service.name,
            port: backend.service.port?.number ?? backend.service.port?.name,
            nameAt: [...at, 'service', 'name'],
            portAt: [...at, 'service', 'port', backend.service.port?.number === undefined ? 'name' : 'number'],
          },
        ]
      : []
  return [
    ...one(spec?.defaultBackend, ['spec', 'defaultBackend']),
    ...(spec?.rules ?? []).flatMap((rule: any, i: number) =>
      (rule.http?.paths ?? []).flatMap((path: any, j: number) =>
        one(path.backend, ['spec', 'rules', i, 'http', 'paths', j, 'backend']),
      ),
    ),
  ]
}

function isSolved({ resource, key }: Subject, name: string): Candidate['solved'] {
  return (copy) => {
    const object = copy.get(resource, key)
    const service = object && copy.get('services', `${object.metadata.namespace}/${name}`)
    const backend = object && backendsOf(object).find((one) => one.service === name)
    if (!service || !backend) return undefined
    const hasPort = (service.spec.ports ?? []).some(
      (one: any) => one.port === backend.port || one.name === backend.port,
    )
    const { ready } = endpointsOf(copy, service)
    return hasPort && ready > 0 ? { code: 'endpoints', params: { count: ready } } : undefined
  }
}

function serviceCandidates(look: Look, subject: Subject, { service, nameAt, portAt }: Backend): Candidate[] {
  const { resource, key, object } = subject
  const services = look.list('services', object.metadata.namespace)
  return nearMisses(
    service,
    services.map(({ metadata }) => metadata.name),
  ).map((to) => {
    const ports: any[] = services.find(({ metadata }) => metadata.name === to)!.spec.ports ?? []
    const field = portAt.at(-1)
    const wanted = portAt.reduce((value: any, part) => value?.[part], object)
    const fits = ports.some((one) => one.port === wanted || one.name === wanted)
    const value = field === 'name' ? ports[0]?.name : ports[0]?.port
    return {
      code: 'setBackend',
      params: { from: service, to },
      object: { resource, key },
      edits: [{ path: nameAt, value: to }, ...(fits || value === undefined ? [] : [{ path: portAt, value }])],
      withinMs: 5000,
      solved: isSolved(subject, to),
    }
  })
}

function portCandidates(subject: Subject, { service, port = '', portAt }: Backend, { spec }: KubeObject): Candidate[] {
  const field = portAt.at(-1)
  return (spec.ports ?? []).slice(0, 2).flatMap((one: any): Candidate[] => {
    const value = field === 'name' ? one.name : one.port
    if (value === undefined) return []
    return [
      {
        code: 'setBackendPort',
        params: { from: port, to: value },
        object: { resource: subject.resource, key: subject.key },
        edits: [{ path: portAt, value }],
        withinMs: 5000,
        solved: isSolved(subject, service),
      },
    ]
  })
}
