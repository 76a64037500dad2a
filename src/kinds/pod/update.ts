import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, type FieldError } from '../../machinery/field-errors.ts'
import { podSpecDiff } from './spec-diff.ts'

const mutableText =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** What may change in a pod. Upstream: ValidatePodUpdate. */
export function validatePodSpecUpdate(pod: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  const spec = pod.spec
  const before = old.spec
  if (spec === before) return errors
  const [containers, beforeContainers] = [spec.containers ?? [], before.containers ?? []]
  // Upstream compares the containers by their number and by name.
  if (
    containers.length !== beforeContainers.length ||
    containers.some((one: any, index: number) => one.name !== beforeContainers[index].name)
  )
    return [forbidden('spec.containers', 'pod updates may not add or remove containers')]
  if ((spec.initContainers ?? []).length !== (before.initContainers ?? []).length)
    return [forbidden('spec.initContainers', 'pod updates may not add or remove containers')]
  const deadline = spec.activeDeadlineSeconds
  const deadlineBefore = before.activeDeadlineSeconds
  if (deadline !== undefined) {
    if (deadlineBefore !== undefined && deadline > deadlineBefore)
      return [invalid('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value')]
  } else if (deadlineBefore !== undefined)
    return [invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value')]
  const gates = (spec.schedulingGates ?? []).map((gate: any) => gate.name)
  const gatesBefore = (before.schedulingGates ?? []).map((gate: any) => gate.name)
  const added = gates.filter((name: string) => !gatesBefore.includes(name))
  if (added.length)
    errors.push(forbidden('spec.schedulingGates', 'only deletion is allowed, but found new scheduling gates'))
  const isGated = gatesBefore.length > 0
  for (const toleration of before.tolerations ?? [])
    if (
      !(spec.tolerations ?? []).some((one: any) =>
        deepEqual({ ...one, tolerationSeconds: 0 }, { ...toleration, tolerationSeconds: 0 }),
      )
    ) {
      errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'))
      break
    }
  const masked: any = {
    ...spec,
    containers: containers.map((one: any, index: number) => ({ ...one, image: beforeContainers[index].image })),
    activeDeadlineSeconds: deadlineBefore,
    tolerations: before.tolerations,
    schedulingGates: before.schedulingGates,
  }
  if (spec.initContainers)
    masked.initContainers = spec.initContainers.map((one: any, index: number) => ({
      ...one,
      image: before.initContainers[index].image,
    }))
  if (before.terminationGracePeriodSeconds < 0 && spec.terminationGracePeriodSeconds === 1)
    masked.terminationGracePeriodSeconds = before.terminationGracePeriodSeconds
  if (isGated) {
    // A gated pod may still be narrowed to fewer nodes.
    if (Object.entries(before.nodeSelector ?? {}).every(([key, value]) => spec.nodeSelector?.[key] === value))
      masked.nodeSelector = before.nodeSelector
    if (!before.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution)
      masked.affinity = before.affinity
  }
  if (!deepEqual(masked, before)) errors.push(forbidden('spec', `${mutableText}\n${podSpecDiff(before, masked)}`))
  return errors
}
