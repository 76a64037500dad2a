import type { KubeObject } from '../../machinery/objects.ts'
import { podStateOrder } from './pod-states.ts'
import type { PodState } from './pod-status.ts'
import type { PodView } from './pod-view.ts'

export const lenses = ['nodes', 'workloads', 'network', 'storage'] as const
/** The same objects, arranged to another question. */
export type Lens = (typeof lenses)[number]

/** All pods that are neither running nor done, or those in one state. */
export type StateFilter = 'NotRunning' | PodState

/** What the user wants to see; the rest is dimmed. */
export interface GraphFilter {
  /** None means all. */
  readonly namespaces: readonly string[]
  readonly state: StateFilter | null
  readonly query: string
}

export const noFilter: GraphFilter = { namespaces: [], state: null, query: '' }

const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const longestQuery = 200
const states: readonly string[] = ['NotRunning', ...podStateOrder]

/** What a URL's query says of lens and filter. Anything else in it, and anything wrong, is passed over. */
export function readView(search: string): { lens: Lens; filter: GraphFilter } {
  const params = new URLSearchParams(search)
  const lens = params.get('lens') as Lens
  const state = params.get('state') as StateFilter | null
  return {
    lens: lenses.includes(lens) ? lens : 'nodes',
    filter: {
      namespaces: [...new Set((params.get('ns') ?? '').split(','))]
        .filter((name) => namespaceName.test(name))
        .slice(0, 50),
      state: state && states.includes(state) ? state : null,
      query: (params.get('q') ?? '').slice(0, longestQuery),
    },
  }
}

/** The URL's query with this view in it; what else stands there stays. */
export function writeView(search: string, lens: Lens, filter: GraphFilter): string {
  const params = new URLSearchParams(search)
  const set = (name: string, value: string) => (value ? params.set(name, value) : params.delete(name))
  set('lens', lens === 'nodes' ? '' : lens)
  set('ns', filter.namespaces.join(','))
  set('state', filter.state ?? '')
  set('q', filter.query.trim())
  const text = params.toString().replaceAll('%2C', ',')
  return text ? `?${text}` : ''
}

export function isFiltering({ namespaces, state, query }: GraphFilter): boolean {
  return namespaces.length > 0 || state !== null || query.trim() !== ''
}

/** Is this pod one of those that are wanted? */
export function fitsPod(filter: GraphFilter, view: PodView, labels: KubeObject['metadata']['labels']): boolean {
  if (filter.namespaces.length && !filter.namespaces.includes(view.namespace)) return false
  if (filter.state && !fitsState(filter.state, view.state)) return false
  return wordsOf(filter.query).every((word) => fitsWord(word, view.name, 'pod', labels))
}

function fitsState(wanted: StateFilter, state: PodState): boolean {
  return wanted === 'NotRunning' ? state !== 'Running' && state !== 'Completed' : state === wanted
}

/** Does this object, not a pod, answer to the words and the namespaces? A pod's state is no question for it. */
export function fitsObject(filter: GraphFilter, object: KubeObject): boolean {
  const { name, namespace, labels } = object.metadata
  if (namespace && filter.namespaces.length && !filter.namespaces.includes(namespace)) return false
  return wordsOf(filter.query).every((word) => fitsWord(word, name, object.kind.toLowerCase(), labels))
}

function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean)
}

/** A part of the name, a label (`app=web`, or `app=` for any value), or a kind, in singular or plural. */
function fitsWord(word: string, name: string, kind: string, labels: KubeObject['metadata']['labels']): boolean {
  const equals = word.indexOf('=')
  if (equals > 0) {
    const [key, value] = [word.slice(0, equals), word.slice(equals + 1)]
    return Object.entries(labels ?? {}).some(
      ([each, has]) => each.toLowerCase() === key && (value === '' || has.toLowerCase() === value),
    )
  }
  return name.toLowerCase().includes(word) || kind === word || `${kind}s` === word || `${kind}es` === word
}
