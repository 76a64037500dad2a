import { compareQuantities } from '../../machinery/quantity.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { finding, nearMisses, type Candidate, type Question } from './finding.ts'
import { refOf, type Look, type Subject } from './look.ts'
import { eventSteps } from './pod-waiting.ts'
import type { Step } from './types.ts'

const classes = 'storageclasses.storage.k8s.io'
const defaultAnnotation = 'storageclass.kubernetes.io/is-default-class'
const noProvisioner = 'kubernetes.io/no-provisioner'

/** A PersistentVolumeClaim, and what it is bound to or waits for. */
export const claimQuestion: Question = (look, subject) => {
  const { object: claim } = subject
  const { spec, status, metadata } = claim
  if (status?.phase === 'Bound') {
    const object = { resource: 'persistentvolumes', key: spec.volumeName }
    return finding(
      'ok',
      'claimBound',
      { volume: spec.volumeName, size: status.capacity?.storage ?? '' },
      {
        steps: metadata.deletionTimestamp
          ? [{ code: 'claimInUse', tone: 'wait' }]
          : [{ code: 'boundTo', params: { volume: spec.volumeName }, object }],
      },
    )
  }
  if (status?.phase === 'Lost') return finding('fail', 'claimLost', { volume: spec.volumeName ?? '' })
  const { storageClassName: wanted } = spec
  const storageClass = wanted ? look.get(classes, wanted) : undefined
  const candidates = () => classCandidates(look, subject)
  const volumes = volumeSteps(look, claim)
  if (wanted === undefined) return finding('fail', 'claimNoDefaultClass', {}, { steps: volumes, candidates })
  if (wanted === '') return finding('fail', 'claimNoClass', { count: volumes.length }, { steps: volumes, candidates })
  if (!storageClass) return finding('fail', 'claimClassMissing', { class: wanted }, { steps: volumes, candidates })
  const { provisioner, volumeBindingMode } = storageClass as any
  const waitsForPod =
    volumeBindingMode === 'WaitForFirstConsumer' && !metadata.annotations?.['volume.kubernetes.io/selected-node']
  const steps = [...eventSteps(look, subject, 'ProvisioningFailed', 'FailedBinding', 'VolumeMismatch'), ...volumes]
  if (waitsForPod) {
    const pods = look
      .list('pods', metadata.namespace)
      .filter(({ spec: pod }) =>
        pod.volumes?.some((one: any) => one.persistentVolumeClaim?.claimName === metadata.name),
      )
    if (pods.length === 0) return finding('wait', 'claimWaitsForConsumer', { class: wanted })
    return finding(
      'wait',
      'claimWaitsForPod',
      { name: pods[0]!.metadata.name, class: wanted },
      {
        steps: [{ code: 'podWaits', params: { name: pods[0]!.metadata.name }, object: refOf('pods', pods[0]!) }],
      },
    )
  }
  if (provisioner === noProvisioner)
    return finding('fail', 'claimNoProvisioner', { class: wanted, count: volumes.length }, { steps, candidates })
  const refused = look.events(claim, 'ProvisioningFailed')[0]
  if (refused) return finding('fail', 'claimRefused', { message: refused.message }, { steps, candidates })
  return finding(
    'wait',
    'claimProvisioning',
    { provisioner },
    { steps: [...steps, ...eventSteps(look, subject, 'ExternalProvisioning', 'Provisioning')] },
  )
}

/** Each volume that is there, and why it is not this claim's. */
function volumeSteps(look: Look, { spec, metadata }: KubeObject): Step[] {
  const wanted = spec.resources?.requests?.storage ?? '0'
  return look
    .list('persistentvolumes')
    .slice(0, 12)
    .map((volume): Step => {
      const { name } = volume.metadata
      const step = (code: string, params = {}): Step => ({
        code,
        params: { name, ...params },
        object: refOf('persistentvolumes', volume),
      })
      const { capacity, accessModes = [], claimRef, storageClassName = '', volumeMode = 'Filesystem' } = volume.spec
      if (claimRef && (claimRef.namespace !== metadata.namespace || claimRef.name !== metadata.name))
        return step('volumeTaken', { claim: `${claimRef.namespace}/${claimRef.name}` })
      if (storageClassName !== (spec.storageClassName ?? ''))
        return step('volumeClass', { class: storageClassName || '""' })
      if (compareQuantities(capacity?.storage ?? '0', wanted) < 0)
        return step('volumeSmall', { size: capacity?.storage ?? '0', wanted })
      const lacks = (spec.accessModes ?? []).filter((mode: string) => !accessModes.includes(mode))
      if (lacks.length > 0) return step('volumeModes', { mode: lacks.join(', '), has: accessModes.join(', ') })
      if (volumeMode !== (spec.volumeMode ?? 'Filesystem')) return step('volumeMode', { mode: volumeMode })
      return step('volumeOther', { phase: volume.status?.phase ?? '' })
    })
}

/** Classes that would give a volume: the one of almost that name, the default one, others that know its access modes. */
function classCandidates(look: Look, subject: Subject): Candidate[] {
  const { object: claim, resource, key } = subject
  const wanted: string = claim.spec.storageClassName ?? ''
  const all = look.list(classes)
  const names = all.map(({ metadata }) => metadata.name)
  const isDefault = ({ metadata }: KubeObject) => metadata.annotations?.[defaultAnnotation] === 'true'
  const near = wanted ? nearMisses(wanted, names) : []
  const ordered = near.length > 0 ? near : [...all.filter(isDefault).map(({ metadata }) => metadata.name), ...names]
  const tried = [...new Set(ordered)].filter((name) => name !== wanted).slice(0, 2)
  const solved: Candidate['solved'] = (copy) => {
    const now = copy.get(resource, key)
    if (now?.status?.phase === 'Bound') return { code: 'bound', params: { volume: now.spec.volumeName } }
    const storageClass: any = now && copy.get(classes, now.spec.storageClassName ?? '')
    const used = copy
      .list('pods', claim.metadata.namespace)
      .some(({ spec }) =>
        spec.volumes?.some((one: any) => one.persistentVolumeClaim?.claimName === claim.metadata.name),
      )
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !used
      ? { code: 'waitsForConsumer' }
      : undefined
  }
  return [
    ...tried.map((name): Candidate => ({
      code: 'setClass',
      params: { from: wanted || '""', to: name },
      object: { resource, key },
      edits: [{ path: ['spec', 'storageClassName'], value: name }],
      ...(wanted !== '' || claim.spec.storageClassName === '' ? { recreate: true as const } : {}),
      withinMs: 30_000,
      solved,
    })),
    ...(wanted && all.length > 0 ? [createClass(wanted, all.find(isDefault) ?? all[0]!, subject, solved)] : []),
    ...(claim.spec.storageClassName === undefined
      ? all.slice(0, 1).map((one): Candidate => ({
          code: 'makeDefault',
          params: { name: one.metadata.name },
          object: refOf(classes, one),
          edits: [{ path: ['metadata', 'annotations', defaultAnnotation], value: 'true' }],
          withinMs: 30_000,
          solved,
        }))
      : []),
  ]
}

/** A class of the name that is asked for, like one that is there. */
function createClass(name: string, like: KubeObject, subject: Subject, solved: Candidate['solved']): Candidate {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode, allowVolumeExpansion } = like as any
  const object = {
    apiVersion: like.apiVersion,
    kind: like.kind,
    metadata: { name },
    provisioner,
    parameters,
    reclaimPolicy,
    volumeBindingMode,
    allowVolumeExpansion,
  }
  return {
    code: 'createClass',
    params: { name, like: like.metadata.name },
    object: { resource: subject.resource, key: subject.key },
    // JSON is YAML.
    action: { type: 'apply', file: '', text: JSON.stringify(object) },
    withinMs: 60_000,
    solved,
  }
}

/** A PersistentVolume, and who has it. */
export const volumeQuestion: Question = (_look, { object: volume }) => {
  const { claimRef } = volume.spec
  const phase = volume.status?.phase ?? 'Pending'
  const claim = claimRef ? `${claimRef.namespace}/${claimRef.name}` : ''
  const steps: Step[] = claimRef
    ? [{ code: 'claimOf', params: { name: claim }, object: { resource: 'persistentvolumeclaims', key: claim } }]
    : []
  const policy = volume.spec.persistentVolumeReclaimPolicy ?? 'Retain'
  if (phase === 'Bound') return finding('ok', 'volumeBound', { claim }, { steps })
  if (phase === 'Released')
    return finding('warn', policy === 'Retain' ? 'volumeRetained' : 'volumeReleased', { claim, policy })
  if (phase === 'Failed') return finding('fail', 'volumeFailed', { message: volume.status?.message ?? '' }, { steps })
  return finding('wait', 'volumeAvailable')
}
