import type { KubeObject } from '../../../machinery/objects.ts'
import { milliValue, wholeValue } from '../../../machinery/quantity.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import { podInfoOf, type PodInfo } from '../framework/pod-info.ts'
import { amountOf } from '../plugins/node-resources-fit/strategies.ts'
import { applyEdits, editAt, type Edit, type Place } from './edit.ts'

/** Requests lowered to what a node has left; nothing when it takes no more pods at all. */
export function lowerRequests({ pod, requests }: PodInfo, node: NodeInfo): readonly (readonly Edit[])[] {
  if (node.pods.size + 1 > node.allowedPods) return []
  const edits: Edit[] = []
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...Object.keys(requests.scalar ?? {})]) {
    const free = Math.max(0, amountOf(node.allocatable, name) - amountOf(node.requested, name))
    if (amountOf(requests, name) <= free) continue
    const found = pod.spec.resources?.requests?.[name] === undefined ? ofContainers : ofPod
    const lowered = found(pod.spec, name, free)
    if (!lowered) return []
    edits.push(...lowered)
  }
  return [edits]
}

/** The request of the pod as a whole, which may not go below its containers'. */
function ofPod(spec: any, name: string, free: number): Edit[] | undefined {
  const { resources: _whole, ...others } = spec
  if (total(others, name) > free) return undefined
  const old = amount(name, spec.resources.requests[name])
  return [lower(spec, ['resources'], name, old, old - (total(spec, name) - free))]
}

/** The largest requests of containers, one after the other, until they fit. */
function ofContainers(spec: any, name: string, free: number): Edit[] | undefined {
  const lowered = new Map<string, Edit>()
  let current = spec
  for (let round = 0; round < 4; round++) {
    const excess = total(current, name) - free
    if (excess <= 0) return [...lowered.values()]
    const wishes = (['containers', 'initContainers'] as const).flatMap((list) =>
      ((current[list] ?? []) as any[]).map((container, index) => ({
        at: [list, index, 'resources'],
        value: amount(name, container.resources?.requests?.[name]),
      })),
    )
    const counts = ({ at, value }: (typeof wishes)[number]) =>
      total(applyEdits(current, [lower(current, at, name, value, 0)]), name) < total(current, name)
    const able = wishes.filter(({ value }) => value > 0)
    const counting = able.filter(counts)
    const [most] = (counting.length > 0 ? counting : able).sort((a, b) => b.value - a.value)
    if (!most) return undefined
    const original = amount(name, most.at.reduce((value: any, part) => value?.[part], spec)?.requests?.[name])
    const edit = lower(spec, most.at, name, original, Math.max(0, most.value - excess))
    lowered.set(edit.path, edit)
    current = applyEdits(spec, [...lowered.values()])
  }
  return total(current, name) <= free ? [...lowered.values()] : undefined
}

/** What cannot be overcommitted has a limit equal to its request. */
function lower(spec: any, at: Place, name: string, from: number, to: number): Edit {
  const text = quantityText(name, to)
  const edit = editAt(spec, 'lowerRequest', [...at, 'requests', name], text, (from - to) / from)
  if (name.includes('/') || name.startsWith('hugepages-'))
    return { ...edit, changes: [...edit.changes, { at: [...at, 'limits', name], to: text }] }
  return edit
}

function total(spec: any, name: string): number {
  return amountOf(podInfoOf({ metadata: { name: '' }, spec } as KubeObject).requests, name)
}

function amount(name: string, quantity: string | undefined): number {
  return name === 'cpu' ? milliValue(quantity) : wholeValue(quantity)
}

const units = [
  ['Gi', 1024 ** 3],
  ['Mi', 1024 ** 2],
] as const

/** As people write it, rounded down: bytes to whole mebibytes, huge pages to whole pages. */
function quantityText(name: string, value: number): string {
  if (name === 'cpu') return value % 1000 === 0 ? String(value / 1000) : `${value}m`
  if (name.includes('/')) return String(value)
  const page = name.startsWith('hugepages-') ? wholeValue(name.slice('hugepages-'.length)) || 1 : 1024 ** 2
  const whole = value < page && !name.startsWith('hugepages-') ? value : Math.floor(value / page) * page
  const unit = units.find(([, size]) => whole >= size && whole % size === 0)
  return unit ? `${whole / unit[1]}${unit[0]}` : String(whole)
}
