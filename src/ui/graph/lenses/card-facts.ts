import type { KubeObject } from '../../../machinery/objects.ts'
import type { Tone } from '../pod-states.ts'

/** Kubernetes' own word, or a text of the page with what fills it in. */
export type Words = string | readonly [key: string, values?: Readonly<Record<string, string | number>>]

/** What a card says below its name. */
export interface CardFacts {
  readonly left?: Words
  readonly right?: Words
  /** Said by glyph, colour and border; quiet when absent. */
  readonly tone?: Extract<Tone, 'progress' | 'wait' | 'warn' | 'fail' | 'mute'>
  /** So many marks, so many of them filled. */
  readonly marks?: readonly [filled: number, all: number]
}

const readers: Readonly<Record<string, (object: KubeObject) => CardFacts>> = {
  Deployment: deployment,
  StatefulSet: ({ spec, status }) => replicas(spec, status, status?.updateRevision !== status?.currentRevision),
  ReplicaSet: ({ spec, status, metadata }) => {
    const revision = metadata.annotations?.['deployment.kubernetes.io/revision']
    const { tone, ...facts } = replicas(spec, status, false)
    // What is wrong with it, its Deployment says.
    const isOwned = metadata.ownerReferences?.some((owner) => owner.controller)
    return {
      ...facts,
      ...(revision && { left: ['lenses.card.revision', { revision }] as const }),
      ...(tone && !isOwned && { tone }),
    }
  },
  ReplicationController: ({ spec, status }) => replicas(spec, status, false),
  DaemonSet: ({ status }) => {
    const wanted = status?.desiredNumberScheduled ?? 0
    const ready = status?.numberReady ?? 0
    return {
      left: ['lenses.card.everyNode'],
      right: ['lenses.card.of', { ready, total: wanted }],
      marks: [ready, wanted],
      ...(ready < wanted && { tone: 'warn' as const }),
    }
  },
  Job: job,
  CronJob: ({ spec, status }) => ({
    left: spec?.schedule,
    right: spec?.suspend ? ['lenses.card.suspended'] : ['lenses.card.active', { count: status?.active?.length ?? 0 }],
    ...(spec?.suspend && { tone: 'mute' as const }),
  }),
  HorizontalPodAutoscaler: autoscaler,
  PodDisruptionBudget: ({ spec, status }) => {
    const allowed = status?.disruptionsAllowed ?? 0
    return {
      left: ['lenses.card.mayGo', { count: allowed }],
      right:
        spec?.minAvailable !== undefined
          ? ['lenses.card.min', { value: spec.minAvailable }]
          : ['lenses.card.max', { value: spec?.maxUnavailable ?? 1 }],
      ...(allowed === 0 && { tone: 'warn' as const }),
    }
  },
  Ingress: ({ spec, status }) => ({
    left: spec?.rules?.find((rule: any) => rule.host)?.host ?? '*',
    right: addressOf(status),
  }),
  Gateway: ({ spec, status }) => ({ left: spec?.gatewayClassName, right: status?.addresses?.[0]?.value }),
  HTTPRoute: ({ spec }) => ({ left: spec?.hostnames?.[0] ?? '*' }),
  NetworkPolicy: ({ spec }) => ({ left: (spec?.policyTypes ?? ['Ingress']).join(', ') }),
  ConfigMap: keys,
  Secret: keys,
  StorageClass: ({ metadata, ...rest }) => ({
    left: (rest as { provisioner?: string }).provisioner,
    ...(metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' && {
      right: ['lenses.card.default'] as const,
    }),
  }),
  PersistentVolumeClaim: ({ spec, status }) => ({
    right: status?.capacity?.storage ?? spec?.resources?.requests?.storage,
    ...(status?.phase === 'Pending' && { tone: 'wait' as const }),
    ...(status?.phase === 'Lost' && { tone: 'fail' as const }),
  }),
}

/** What to say of an object, fit to its kind; of kinds that nobody knows here, what they say of themselves. */
export function cardFacts(object: KubeObject): CardFacts {
  return readers[object.kind]?.(object) ?? custom(object)
}

function replicas(spec: any, status: any, isRolling: boolean): CardFacts {
  const wanted = spec?.replicas ?? 1
  const ready = status?.readyReplicas ?? 0
  const tone = ready < wanted ? (isRolling ? 'progress' : 'warn') : isRolling ? 'progress' : undefined
  return {
    left: isRolling ? ['lenses.card.rolling'] : ready < wanted ? ['lenses.card.notReady'] : ['lenses.card.ready'],
    right: ['lenses.card.of', { ready, total: wanted }],
    marks: [ready, wanted],
    ...(tone && { tone }),
  }
}

function deployment({ spec, status, metadata }: KubeObject): CardFacts {
  const wanted = spec?.replicas ?? 1
  const isNew = status?.observedGeneration !== metadata.generation
  const progressing = status?.conditions?.find((condition: any) => condition.type === 'Progressing')
  const isUnderWay = progressing && progressing.reason !== 'NewReplicaSetAvailable'
  const isRolling = isNew || isUnderWay || (status?.updatedReplicas ?? 0) < wanted || (status?.replicas ?? 0) > wanted
  const facts = replicas(spec, status, isRolling)
  if (spec?.paused) return { ...facts, left: ['lenses.card.paused'], tone: 'mute' }
  if (progressing?.reason === 'ProgressDeadlineExceeded') return { ...facts, left: ['lenses.card.stuck'], tone: 'fail' }
  return facts
}

function job({ spec, status }: KubeObject): CardFacts {
  const total = spec?.completions ?? spec?.parallelism ?? 1
  const done = status?.succeeded ?? 0
  const has = (type: string) => status?.conditions?.some((c: any) => c.type === type && c.status === 'True')
  const right: Words = ['lenses.card.of', { ready: done, total }]
  const marks = [done, total] as const
  if (has('Failed')) return { left: ['lenses.card.failed'], right, marks, tone: 'fail' }
  if (has('Complete')) return { left: ['lenses.card.complete'], right, marks }
  if (spec?.suspend) return { left: ['lenses.card.suspended'], right, marks, tone: 'mute' }
  return { left: ['lenses.card.running'], right, marks, tone: 'progress' }
}

function autoscaler({ spec, status }: KubeObject): CardFacts {
  const metric = (spec?.metrics ?? []).find((each: any) => each.type === 'Resource')?.resource
  const wanted = metric?.target?.averageUtilization
  const current = (status?.currentMetrics ?? []).find((each: any) => each.resource?.name === metric?.name)?.resource
    ?.current?.averageUtilization
  const isBlind = status?.conditions?.some((c: any) => c.type === 'ScalingActive' && c.status === 'False')
  return {
    left: metric && wanted !== undefined ? `${metric.name} ${current ?? '?'} / ${wanted}%` : undefined,
    right: `${spec?.minReplicas ?? 1}…${spec?.maxReplicas ?? ''}`,
    ...(isBlind && { tone: 'warn' as const }),
  }
}

function keys(object: KubeObject): CardFacts {
  const { data, binaryData } = object as { data?: object; binaryData?: object }
  return {
    right: ['lenses.card.keys', { count: Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length }],
  }
}

function custom({ kind, status }: KubeObject): CardFacts {
  const ready = status?.conditions?.find((condition: any) => condition.type === 'Ready')
  const phase = typeof status?.phase === 'string' ? status.phase : undefined
  return {
    left: kind,
    right: phase ?? (ready && (ready.status === 'True' ? 'Ready' : String(ready.reason ?? 'NotReady'))),
    ...(ready && ready.status !== 'True' && { tone: 'warn' as const }),
  }
}

function addressOf(status: any): string | undefined {
  const address = status?.loadBalancer?.ingress?.[0]
  return address?.ip ?? address?.hostname
}
