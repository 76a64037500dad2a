import type { ClusterShape, MachineShape, PlaygroundFile } from '../model.ts'

/** Words in each of the page's languages. */
export interface Words {
  readonly en: string
  readonly zh: string
}

/** What examples are about, in the order of the gallery. */
export const subjects = [
  'basics',
  'rollouts',
  'health',
  'networking',
  'scheduling',
  'storage',
  'limits',
  'failures',
] as const
export type Subject = (typeof subjects)[number]

/** A playground to learn from. */
export interface Example {
  readonly id: string
  readonly subject: Subject
  readonly title: Words
  /** One paragraph: what to look at, and what to try. */
  readonly lesson: Words
  readonly files: readonly PlaygroundFile[]
  /** Names of the files that are applied on opening; the others wait for the reader. */
  readonly applied: readonly string[]
  readonly shape: ClusterShape
}

/** A cluster of workers of one size, spread over the zones in turn. */
export function clusterOf(
  name: string,
  zones: readonly string[],
  workers: number,
  cpu: string,
  memory: string,
): ClusterShape {
  const machine = (_: unknown, index: number): MachineShape => ({
    name: `node-${index + 1}`,
    zone: zones[Math.floor((index * zones.length) / workers)],
    cpu,
    memory,
  })
  return { name, seed: 7, machines: Array.from({ length: workers }, machine) }
}
