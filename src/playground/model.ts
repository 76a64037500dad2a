import type { KubeObject } from '../machinery/objects.ts'

export interface MachineShape {
  readonly name: string
  readonly zone: string
  readonly cpu: string
  readonly memory: string
  readonly disk?: string
  readonly pods?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly { key: string; value?: string; effect: string }[]
}

/** The cluster before anything is applied: what a reset goes back to. */
export interface ClusterShape {
  readonly name: string
  readonly seed: number
  readonly machines: readonly MachineShape[]
}

/** What somebody's hand breaks, and mends with `isOver`. */
export type Fault =
  | {
      readonly on: 'node'
      readonly name: string
      /** A crashed kernel starts again by itself. */
      readonly what: 'crash' | 'fillDisk' | 'fillMemory' | 'slowNetwork'
      readonly isOver?: true
    }
  | {
      readonly on: 'pod'
      readonly namespace: string
      readonly name: string
      /** The first that runs, when none is named. */
      readonly container?: string
      readonly what: 'crash' | 'kill' | 'oom' | 'hang' | 'resume'
    }
  | { readonly on: 'controlPlane'; readonly part: 'scheduler' | 'controllerManager'; readonly isOver?: true }

export type TerminalInput =
  | {
      readonly do: 'open'
      readonly command: readonly string[]
      readonly columns: number
      readonly rows: number
    }
  | { readonly do: 'write'; readonly text: string }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly do: 'close' }

/** What a user did, journalled with its virtual time so that a run replays exactly. */
export type Action =
  | { readonly type: 'apply'; readonly file: string; readonly text: string; readonly namespace?: string }
  | {
      readonly type: 'delete'
      readonly resource: string
      readonly namespace?: string
      readonly name: string
      readonly gracePeriodSeconds?: number
    }
  | { readonly type: 'replace'; readonly object: KubeObject }
  | {
      readonly type: 'scale'
      readonly resource: string
      readonly namespace: string
      readonly name: string
      readonly replicas: number
    }
  | {
      readonly type: 'machine'
      readonly name: string
      readonly change: 'unplug' | 'plug' | 'powerOff' | 'powerOn' | 'remove'
    }
  | { readonly type: 'addMachine'; readonly machine: MachineShape }
  /** Quantities, as in a shape. */
  | { readonly type: 'resizeMachine'; readonly name: string; readonly cpu: string; readonly memory: string }
  /** Cordons a node and evicts its pods through the API, as `kubectl drain --ignore-daemonsets --delete-emptydir-data` does. */
  | { readonly type: 'drain'; readonly name: string }
  | { readonly type: 'evict'; readonly namespace: string; readonly name: string }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'cordon'; readonly name: string; readonly cordon: boolean }
  /** What somebody does at a terminal in a container; the session's name is theirs. Text is bytes, a character each. */
  | {
      readonly type: 'terminal'
      readonly session: string
      readonly namespace: string
      readonly pod: string
      readonly container: string
      readonly input: TerminalInput
    }
  /** A write to the API as a client sends it: what a terminal's commands come to. */
  | {
      readonly type: 'request'
      readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
      /** With its query. */
      readonly path: string
      readonly contentType?: string
      readonly body?: string
    }

export interface JournalEntry {
  /** Virtual milliseconds since the cluster's start. */
  readonly at: number
  readonly action: Action
}

/** A manifest as the editor shows it. */
export interface PlaygroundFile {
  readonly name: string
  readonly text: string
}

/** Where the graph looks: its translation in pixels and its zoom. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** The version of this format. A link carries it, so that old links keep opening. */
export const playgroundVersion = 1

/** The engine that made a run: the same one replays it identically. */
export const engineVersion = '0.1.0'

/** Everything that makes a cluster what it is at a moment: what a link or a file carries. */
export interface Playground {
  readonly version: number
  readonly engine: string
  readonly name: string
  readonly files: readonly PlaygroundFile[]
  readonly shape: ClusterShape
  readonly journal: readonly JournalEntry[]
  /** Replays the journal until this virtual time, in milliseconds. */
  readonly until: number
  readonly camera?: Camera
}

/** A cluster to begin with: four workers in two zones. */
export function defaultShape(name = 'playground'): ClusterShape {
  const worker = (number: number, zone: string): MachineShape => ({
    name: `node-${number}`,
    zone,
    cpu: '4',
    memory: '8Gi',
  })
  return {
    name,
    seed: 1,
    machines: [worker(1, 'zone-a'), worker(2, 'zone-a'), worker(3, 'zone-b'), worker(4, 'zone-b')],
  }
}
