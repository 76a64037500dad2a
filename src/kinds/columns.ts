import { parseTime } from '../lib/time.ts'
import { humanDuration } from '../machinery/duration.ts'
import type { KubeObject } from '../machinery/objects.ts'
import type { PrinterColumn } from './kind.ts'

type Cell = PrinterColumn['cell']

/** A column; its description is a text, or names the field whose documentation it is (`core.v1.PodStatus.podIP`): tables look it up. */
export function column(
  name: string,
  cell: Cell,
  options: Partial<Omit<PrinterColumn, 'name' | 'cell'>> = {},
): PrinterColumn {
  return {
    name,
    type: 'string',
    format: '',
    priority: 0,
    description: '',
    ...options,
    cell,
  }
}

/** The first column of every kind. */
export const nameColumn = column('Name', (object) => object.metadata.name, {
  format: 'name',
  description: 'meta.v1.ObjectMeta.name',
})

/** Age since creation. */
export const ageColumn = column('Age', (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs), {
  description: 'meta.v1.ObjectMeta.creationTimestamp',
})

/** What kinds without a printer of their own show. */
export const createdAtColumn = column('Created At', (object) => object.metadata.creationTimestamp ?? null, {
  type: 'date',
  description: 'meta.v1.ObjectMeta.creationTimestamp',
})

/** `5m`, or `<unknown>` without a time. */
export function ageOf(time: string | undefined, nowMs: number): string {
  if (!time) return '<unknown>'
  return humanDuration(nowMs - parseTime(time))
}

/** Text or `<none>`. */
export function orNone(text: string | undefined): string {
  return text || '<none>'
}

interface HasContainers {
  readonly containers?: readonly { readonly name: string; readonly image?: string }[]
}

/** Containers and Images of a pod template, for `-o wide`. */
export function templateColumns(specOf: (object: KubeObject) => HasContainers | undefined): PrinterColumn[] {
  return [
    column('Containers', (object) => (specOf(object)?.containers ?? []).map(({ name }) => name).join(','), {
      priority: 1,
      description: 'Names of each container in the template.',
    }),
    column('Images', (object) => (specOf(object)?.containers ?? []).map(({ image }) => image ?? '').join(','), {
      priority: 1,
      description: 'Images referenced by each container in the template.',
    }),
  ]
}
