import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, type FieldError } from '../../machinery/field-errors.ts'
import type { SubresourceUpdate } from '../kind.ts'
import { namespacedMeta } from '../meta-validation.ts'
import { qosClassOf } from './qos.ts'
import { validateEphemeralContainers } from './validate-ephemeral.ts'
import { validatePodSpec } from './validation.ts'

const mirror = 'kubernetes.io/config.mirror'
const mutableResources = new Set(['cpu', 'memory'])

/** In-place resize: only the containers' resources and resize policies are taken. Upstream: ValidatePodResize. */
export const resize: SubresourceUpdate = {
  take: (body, old) => ({
    ...old,
    spec: { ...old.spec, ...resized('containers', body, old), ...resized('initContainers', body, old) },
  }),
  validate(pod, old) {
    if (old.metadata.annotations?.[mirror]) return [forbidden('', 'static pods cannot be resized')]
    if (old.spec.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')]
    const errors = [...namespacedMeta(pod), ...validatePodSpec(pod.spec, 'spec')]
    for (const list of ['containers', 'initContainers'] as const)
      (pod.spec[list] ?? []).forEach((container: any, index: number) => {
        const field = `spec.${list}[${index}].resources`
        errors.push(...validateResize(container, old.spec[list][index], field, list === 'initContainers'))
      })
    if (qosClassOf(pod) !== qosClassOf(old))
      errors.push(
        invalid(
          'spec',
          old.status?.qosClass ?? qosClassOf(old),
          'Pod QOS Class may not change as a result of resizing',
        ),
      )
    return errors
  },
}

function resized(list: 'containers' | 'initContainers', body: any, old: any): object {
  if (!old.spec[list]) return {}
  const containers = old.spec[list].map((container: any) => {
    const sent = (Array.isArray(body.spec?.[list]) ? body.spec[list] : []).find(
      (one: any) => one?.name === container.name,
    )
    if (!sent) return container
    const { resources: _resources, resizePolicy: _policy, ...rest } = container
    return {
      ...rest,
      ...(sent.resizePolicy && { resizePolicy: sent.resizePolicy }),
      resources: sent.resources ?? {},
    }
  })
  return { [list]: containers }
}

function validateResize(container: any, before: any, field: string, isInit: boolean): FieldError[] {
  const [now, old] = [container.resources ?? {}, before.resources ?? {}]
  if (deepEqual(now, old)) return []
  if (isInit && container.restartPolicy !== 'Always')
    return [forbidden(field, 'resources for non-sidecar init containers are immutable')]
  const errors: FieldError[] = []
  const names = (part: 'limits' | 'requests') => Object.keys(old[part] ?? {})
  if (names('limits').some((name) => now.limits?.[name] === undefined))
    errors.push(forbidden(field, 'resource limits cannot be removed'))
  if (names('requests').some((name) => now.requests?.[name] === undefined))
    errors.push(forbidden(field, 'resource requests cannot be removed'))
  const others = ({ limits, requests, claims }: any) => [limits, requests].map(withoutMutable).concat(claims ?? [])
  if (!deepEqual(others(now), others(old))) errors.push(forbidden('spec', 'only cpu and memory resources are mutable'))
  return errors
}

function withoutMutable(list: object | undefined): unknown {
  return Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !mutableResources.has(name)))
}

/** Containers for looking into a running pod: added, never changed. Upstream: ValidatePodEphemeralContainersUpdate. */
export const ephemeralContainers: SubresourceUpdate = {
  take(body, old) {
    const { ephemeralContainers: _before, ...spec } = old.spec
    const sent = body.spec?.ephemeralContainers
    return { ...old, spec: { ...spec, ...(sent?.length > 0 && { ephemeralContainers: sent }) } }
  },
  validate(pod, old) {
    const field = 'spec.ephemeralContainers'
    if (old.metadata.annotations?.[mirror]) return [forbidden('', 'static pods do not support ephemeral containers')]
    const errors = validateEphemeralContainers(pod.spec, field)
    const now = new Map<string, any>((pod.spec.ephemeralContainers ?? []).map((one: any) => [one.name, one]))
    for (const before of old.spec.ephemeralContainers ?? []) {
      const name = JSON.stringify(before.name)
      const present = now.get(before.name)
      if (!present) errors.push(forbidden(field, `existing ephemeral containers ${name} may not be removed\n`))
      else if (!deepEqual(present, before))
        errors.push(forbidden(field, `existing ephemeral containers ${name} may not be changed\n`))
    }
    return errors
  },
}
