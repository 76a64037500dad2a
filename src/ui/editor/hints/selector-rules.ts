import { nearMissOf, nearName, podSelectorOf } from '../../../kinds/service/near-miss.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { Rule } from './hint.ts'
import { entriesOf } from './hint.ts'

const selecting: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec', 'selector'],
  PodDisruptionBudget: ['spec', 'selector'],
  NetworkPolicy: ['spec', 'podSelector'],
}

/** Selectors that select no pod of the files or the cluster, and named ports that the selected pods do not have. */
export const selectors: Rule = ({ object, namespace }, world, say) => {
  const path = selecting[object.kind]
  const selector = path && podSelectorOf(object)
  const isEmpty = !selector?.matchExpressions?.length && Object.keys(selector?.matchLabels ?? {}).length === 0
  if (!path || !selector || isEmpty) return
  const pods = world.pods(namespace)
  const selected = pods.filter((pod) => matchesLabelSelector(selector, pod.metadata.labels ?? {}))
  if (selected.length > 0) return object.kind === 'Service' ? targetPorts(object, selected, say) : undefined
  const miss = nearMissOf({ ...object, metadata: { ...object.metadata, namespace } }, pods)
  const label = miss?.label ?? Object.keys(selector.matchLabels ?? {})[0]
  const labels = object.kind === 'Service' ? [] : ['matchLabels']
  const at = label && selector.matchLabels?.[label] !== undefined ? [...path, ...labels, label] : path
  if (!miss) return say(at, 'info', 'selectsNothing', { kind: object.kind })
  const sameLabel = miss.has.startsWith(`${miss.label}=`)
  const fix = sameLabel ? miss.has.slice(miss.label.length + 1) : undefined
  if (miss.has === '') return say(at, 'info', 'selectsNothing', { kind: object.kind })
  say(at, 'info', 'selectsNearly', { selects: miss.selects, has: miss.has }, { fix })
}

function targetPorts(service: any, pods: readonly any[], say: Parameters<Rule>[2]): void {
  const open = pods.flatMap((pod) =>
    entriesOf(pod.spec?.containers).flatMap(([, container]) => entriesOf(container.ports).map(([, port]) => port)),
  )
  for (const [index, { port, targetPort = port }] of entriesOf(service.spec.ports)) {
    const at = ['spec', 'ports', index, 'targetPort']
    if (typeof targetPort === 'string' && !/^\d+$/.test(targetPort)) {
      const names = open.map((each) => each.name).filter((name): name is string => typeof name === 'string')
      if (names.includes(targetPort)) continue
      const near = nearName(targetPort, names)
      say(at, 'info', near ? 'portNameNear' : 'portName', { port: targetPort, near }, { fix: near })
    } else if (open.length > 0 && !open.some((each) => Number(each.containerPort) === Number(targetPort))) {
      const known = [...new Set(open.map((each) => String(each.containerPort)))]
      say(at, 'hint', 'targetPort', { port: String(targetPort), known: known.join(', ') })
    }
  }
}
