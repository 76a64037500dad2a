import { isQualifiedName, isLabelValue } from '../../../machinery/names.ts'
import { parseQuantity } from '../../../machinery/quantity.ts'
import type { MachineShape } from '../../../playground/model.ts'

/** What is typed into the form. */
export interface MachineForm {
  readonly name: string
  readonly count: string
  readonly zone: string
  readonly cpu: string
  readonly memory: string
  readonly taints: string
  readonly labels: string
}

export type FormProblem = 'name' | 'taken' | 'count' | 'zone' | 'cpu' | 'memory' | 'taints' | 'labels'

export const mostAtOnce = 100
const nodeName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
const isKey = (text: string) => isQualifiedName(text).length === 0
const isValue = (text: string) => isLabelValue(text).length === 0
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** The machines of a form, or the first field that cannot be meant so. */
export function machinesOfForm(
  form: MachineForm,
  taken: ReadonlySet<string>,
): { readonly machines: readonly MachineShape[] } | { readonly problem: FormProblem } {
  const count = Number(form.count)
  if (!nodeName.test(form.name) || form.name.length > 60) return { problem: 'name' }
  if (!Number.isInteger(count) || count < 1 || count > mostAtOnce) return { problem: 'count' }
  if (form.zone && !isValue(form.zone)) return { problem: 'zone' }
  const size = sizeProblem(form)
  if (size) return { problem: size }
  const taints = taintsOf(form.taints)
  if (!taints) return { problem: 'taints' }
  const labels = labelsOf(form.labels)
  if (!labels) return { problem: 'labels' }
  if (count === 1 && taken.has(form.name)) return { problem: 'taken' }
  const { zone, cpu, memory } = form
  const more = { ...(taints.length && { taints }), ...(Object.keys(labels).length && { labels }) }
  const names = count === 1 ? [form.name] : nextNames(form.name, count, taken)
  return { machines: names.map((name) => ({ name, zone, cpu, memory, ...more })) }
}

/** Is its size no quantity above zero? */
export function sizeProblem({ cpu, memory }: Pick<MachineForm, 'cpu' | 'memory'>): 'cpu' | 'memory' | undefined {
  if (!((parseQuantity(cpu)?.milli ?? 0) > 0)) return 'cpu'
  if (!((parseQuantity(memory)?.value ?? 0) > 0)) return 'memory'
  return undefined
}

/** So many free names that go on counting where this one ends: `node-5`, `node-6`. */
export function nextNames(first: string, count: number, taken: ReadonlySet<string>): string[] {
  const [, stem = '', digits = ''] = /^(.*?)(\d*)$/.exec(first) ?? []
  const base = digits || stem.endsWith('-') ? stem : `${stem}-`
  const names: string[] = []
  for (let number = Number(digits || '1'); names.length < count; number++) {
    const name = `${base}${String(number).padStart(digits.length, '0')}`
    if (!taken.has(name)) names.push(name)
  }
  return names
}

/** A zone's name that nobody has: after `zone-a` and `zone-b` comes `zone-c`. */
export function nextZone(zones: readonly string[]): string {
  const last = [...zones].sort().at(-1) ?? ''
  const [, stem = 'zone-', letter = '`'] = /^(.*?)([a-y])$/.exec(last) ?? []
  for (let code = letter.charCodeAt(0) + 1; code <= 122; code++) {
    const name = stem + String.fromCharCode(code)
    if (!zones.includes(name)) return name
  }
  return nextNames('zone-1', 1, new Set(zones))[0]!
}

/** `dedicated=gpu:NoSchedule, spot:NoExecute` */
function taintsOf(text: string): { key: string; value?: string; effect: string }[] | undefined {
  const taints = listOf(text).map((each) => {
    const [, key = '', value, effect = ''] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(each) ?? []
    return { key, effect, ...(value && { value }) }
  })
  const isGood = taints.every((taint) => isKey(taint.key) && effects.includes(taint.effect))
  return isGood && taints.every((taint) => isValue(taint.value ?? '')) ? taints : undefined
}

/** `disk=ssd, gpu=` */
function labelsOf(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  for (const each of listOf(text)) {
    const [key = '', value, ...rest] = each.split('=')
    if (rest.length || value === undefined || !isKey(key) || !isValue(value)) return undefined
    labels[key] = value
  }
  return labels
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}
