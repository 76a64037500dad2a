import { create } from 'zustand'
import { clusterStore } from '../state/cluster-store.ts'
import { setCollapsed, setDockTab } from '../state/page-store.ts'

/** A terminal of the dock: kubectl, or a shell in a container. */
export interface OpenTerminal {
  readonly id: string
  /** What its tab says. */
  readonly title: string
  readonly shell?: {
    readonly namespace: string
    readonly pod: string
    readonly container: string
    readonly command: readonly string[]
  }
}

interface TerminalsState {
  readonly terminals: readonly OpenTerminal[]
  readonly active: string
}

const kubectl: OpenTerminal = { id: 'kubectl', title: 'kubectl' }

/** The terminals of the dock. kubectl is always there. */
export const useTerminals = create<TerminalsState>()(() => ({ terminals: [kubectl], active: kubectl.id }))

const shells = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash || exec sh']

/** Opens a shell in a container, the pod's first when none is named, and shows it. */
export function openShell(
  namespace: string,
  pod: string,
  container = firstContainer(namespace, pod),
  command: readonly string[] = shells,
): void {
  // A name that no other session of this run has: it is in the journal, and lives in the container.
  const id = `t${crypto.randomUUID().slice(0, 8)}`
  const title = `${pod}${container === firstContainer(namespace, pod) ? '' : ` ${container}`}`
  useTerminals.setState(({ terminals }) => ({
    terminals: [...terminals, { id, title, shell: { namespace, pod, container, command } }],
    active: id,
  }))
  showTerminals()
}

/** Shows a terminal, kubectl when none is named. */
export function showTerminals(id?: string): void {
  if (id) useTerminals.setState({ active: id })
  setDockTab('terminal')
  setCollapsed('dock', false)
}

/** Takes a terminal away; the one before it is shown. */
export function closeTerminal(id: string): void {
  useTerminals.setState(({ terminals, active }) => {
    const index = terminals.findIndex((each) => each.id === id)
    const rest = terminals.filter((each) => each.id !== id)
    return { terminals: rest, active: active === id ? (rest[Math.max(0, index - 1)]?.id ?? kubectl.id) : active }
  })
}

function firstContainer(namespace: string, pod: string): string {
  const object = clusterStore.getState().resources.pods?.byKey.get(`${namespace}/${pod}`)
  const chosen = object?.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  return chosen ?? object?.spec?.containers?.[0]?.name ?? ''
}
