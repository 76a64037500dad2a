import type { KubeObject } from '../machinery/objects.ts'
import type { Action, ClusterShape, JournalEntry, MachineShape } from '../playground/model.ts'
import type { Explanation, Fix, Say, Step, Usage, Verdict } from './explain/types.ts'

export type { Action, ClusterShape, JournalEntry, MachineShape }
export type { Explanation, Fix, Say, Step, Usage, Verdict }

/**
 * What the page and the cluster's host say to each other. Everything is plain structured-cloneable data.
 * The page sends requests and gets one answer each; the host sends deltas at most once per animation frame.
 */

/** The physical machine behind a Node: not an API object, it belongs to the world. */
export interface MachineState {
  readonly name: string
  readonly zone: string
  readonly milliCPU: number
  readonly memoryBytes: number
  readonly diskBytes: number
  readonly maxPods: number
  /** Network cable. */
  readonly plugged: boolean
  readonly powered: boolean
  /** Actual use now. */
  readonly usedMilliCPU: number
  readonly usedMemoryBytes: number
  readonly images: readonly string[]
  /** What somebody's hand has done to it. */
  readonly faults: readonly ('crash' | 'fillDisk' | 'fillMemory' | 'slowNetwork')[]
}

/** What came of one document of an apply. Lines are 1-based, in the text that was sent. */
export interface ApplyResult {
  readonly document: number
  readonly line: number
  /** `apps/v1 Deployment demo/web`, or '' when the document could not be read. */
  readonly object: string
  readonly resource?: string
  readonly namespace?: string
  readonly name?: string
  /** Nothing in the cluster acts on this kind. */
  readonly storedOnly?: true
  readonly result: 'created' | 'configured' | 'unchanged' | 'refused'
  /** The server's own words; and each cause on the line that caused it. */
  readonly message?: string
  readonly problems: readonly {
    readonly line: number
    readonly column: number
    readonly endColumn: number
    readonly message: string
    readonly severity: 'error' | 'warning'
  }[]
}

export interface ActionResult {
  readonly ok: boolean
  readonly message?: string
  readonly results?: readonly ApplyResult[]
}

/** One link in a causal chain, newest first. */
export interface CauseLink {
  readonly revision: number
  readonly at: number
  readonly actor: string
  readonly verb: string
  readonly resource: string
  readonly namespace?: string
  readonly name: string
  /** Details the page puts into words: `{"node": "node-2", "score": 87}`. */
  readonly details?: Readonly<Record<string, string | number>>
}

/** Why the scheduler decided as it did, newest attempt of one pod. */
export interface SchedulingRecord {
  readonly pod: string
  readonly at: number
  readonly attempts: number
  readonly node?: string
  readonly message?: string
  /** Per node, the filters that ran in order; the last of a rejected node says why. */
  readonly nodes: readonly {
    readonly node: string
    readonly rejectedBy?: string
    readonly reasons?: readonly string[]
    readonly scores?: Readonly<Record<string, number>>
    readonly total?: number
  }[]
}

export interface ControlPlaneStatus {
  /** Store revision. */
  readonly revision: number
  /** Requests since the start, by the API server. */
  readonly requests: number
  /** Pod keys `namespace/name` waiting in the scheduler: active, backoff and unschedulable. */
  readonly queue: readonly { readonly pod: string; readonly state: 'active' | 'backoff' | 'unschedulable' | 'gated' }[]
  readonly scheduled: number
  /** Parts that somebody has ended. */
  readonly stopped: readonly ('scheduler' | 'controllerManager')[]
  /** Per controller: keys waiting and reconciles done. */
  readonly controllers: Readonly<Record<string, { readonly depth: number; readonly reconciles: number }>>
}

/** The colour words of the tokens that a lane uses; `none` is a gap. */
export type LaneTone = 'ok' | 'progress' | 'wait' | 'warn' | 'fail' | 'mute' | 'none'

/** How an object was over time. */
export interface Lane {
  readonly resource: string
  readonly key: string
  /** Each from a virtual time until the next one's. */
  readonly stretches: readonly { readonly from: number; readonly tone: LaneTone }[]
  /** When the object went away, if it did. */
  readonly until?: number
}

/** The courses that the cluster took: an action in the past makes another. */
export interface FuturesState {
  readonly current: string
  /** Nothing before this virtual time can be looked at. */
  readonly earliest: number
  readonly all: readonly {
    readonly id: string
    readonly from?: { readonly future: string; readonly at: number }
    /** Virtual time that it has come to. */
    readonly end: number
    /** What was done in it since it left another. */
    readonly journal: readonly JournalEntry[]
    /** Nodes and workloads at its end. */
    readonly well: number
    readonly unwell: number
  }[]
}

/** What stands otherwise in one future than in another, as kubectl would print it; absent where there is no such object. */
export interface Difference {
  readonly resource: string
  /** For pods: their phase; the values are counts. */
  readonly key: string
  readonly here?: string
  readonly there?: string
}

/** What would become of a pod. */
export interface Fate {
  readonly pod: string
  /**
   * moves: another is made in its place, on a node; waits: another is made and finds none; held: it ends, but nobody may make
   * another before its node says that it is gone; ends: it goes and none is made; lost: nobody looks after it.
   */
  readonly fate: 'moves' | 'waits' | 'held' | 'ends' | 'lost'
  readonly to?: string
  /** Virtual milliseconds until the other has its node. */
  readonly afterMs?: number
  /** The scheduler's words. */
  readonly why?: string
}

/** What would come of an action: found out on a copy. */
export interface Preview {
  readonly pods: readonly Fate[]
  /** Services without a ready endpoint, and for how long. */
  readonly services: readonly { readonly key: string; readonly emptyMs: number }[]
  /** PodDisruptionBudgets that are broken in the end. */
  readonly budgets: readonly { readonly key: string; readonly healthy: number; readonly wanted: number }[]
  /** Why an action would be refused. */
  readonly refused?: string
}

/** Who calls whom, as seen on the network over the last minute of virtual time. */
export interface TrafficRoute {
  /** Key of the calling pod. */
  readonly from: string
  /** A Service or a pod by its key, else a host that is none of the cluster's. */
  readonly to: { readonly resource: 'services' | 'pods'; readonly key: string } | { readonly host: string }
  readonly port: number
  /** Over the last ten seconds. */
  readonly perSecond: number
  readonly failedPerSecond: number
  /** From the request to the answer's head, or to the connection where nothing more is said, in milliseconds. */
  readonly p50: number | null
  readonly p95: number | null
  /** Requests and failures of each five seconds, the oldest first. */
  readonly counts: readonly number[]
  readonly failures: readonly number[]
  /** An HTTP status, `OK`, or why the last one failed. */
  readonly last: string
}

/** What a save keeps of the past, beside the journal. */
export interface SavedPast {
  readonly earliest: number
  /** The name of the future that goes on. */
  readonly current: string
  /** How many there have been, so that no name comes twice. */
  readonly made: number
  readonly futures: readonly SavedFuture[]
}

/** A course that the cluster took. Its journal tells all that it needs to be gone again; the current one's is the save's own. */
export interface SavedFuture {
  readonly id: string
  readonly from?: { readonly future: string; readonly at: number }
  readonly journal: readonly JournalEntry[]
  readonly endedAt: number
  readonly lanes: readonly Lane[]
}

export type Speed = number

export interface ClockState {
  /** Virtual milliseconds since the cluster's start. */
  readonly now: number
  /** Epoch milliseconds of the cluster's start; now + epoch is what timestamps show. */
  readonly epoch: number
  readonly running: boolean
  readonly speed: Speed
  /** Due time of the next task that is more than housekeeping, or null when nothing is pending. */
  readonly next: number | null
  /** Set while a long skip is under way. */
  readonly skippingTo?: number
  /** Set while a moment of the past is looked at: the virtual time of the end. */
  readonly live?: number
}

/** Changed objects only. The key of an object is `resource namespace/name`. */
export interface Delta {
  readonly full: boolean
  readonly changed: readonly { readonly resource: string; readonly object: KubeObject }[]
  readonly removed: readonly { readonly resource: string; readonly key: string }[]
  readonly machines?: readonly MachineState[]
  readonly clock: ClockState
  readonly controlPlane?: ControlPlaneStatus
  /** Journal entries since the last delta (all of them when full, and in another future). */
  readonly journal?: readonly JournalEntry[]
  /** These are the differences of another moment, or of another future: nothing moved, it is elsewhere. */
  readonly jump?: 'moment' | 'future'
  /** Changed lanes; all of them when full, and in another future. */
  readonly lanes?: readonly Lane[]
  readonly futures?: FuturesState
  /** The busiest routes; told now and then, and when there are none any more. */
  readonly traffic?: readonly TrafficRoute[]
}

export type Request =
  | { readonly type: 'open'; readonly playground: OpenPlayground }
  | { readonly type: 'act'; readonly action: Action }
  | { readonly type: 'run'; readonly running: boolean }
  | { readonly type: 'speed'; readonly speed: Speed }
  /** Run the next task that something visible comes of, then pause. */
  | { readonly type: 'step' }
  /** Skip: to the next visible change, or by so many virtual ms. */
  | { readonly type: 'skip'; readonly by?: number }
  | { readonly type: 'cancelSkip' }
  /** Looks at a moment of the past; null goes back to the end. */
  | { readonly type: 'seek'; readonly at: number | null }
  /** Goes to another future, or forgets one. */
  | { readonly type: 'future'; readonly id: string; readonly forget?: true }
  /** What would come of actions; the answer is null when another preview is asked for meanwhile, or none. */
  | { readonly type: 'preview'; readonly actions: readonly Action[] }
  /** What stands otherwise in another future, at the moment that is looked at or at that future's end. */
  | { readonly type: 'compare'; readonly with: string }
  /** Another future in which one entry of the journal (the last, when not said) was never done. */
  | { readonly type: 'undo'; readonly index?: number }
  /** `packed`: gzipped, as only a worker does it. */
  | { readonly type: 'snapshot'; readonly packed?: true }
  | { readonly type: 'why'; readonly resource: string; readonly namespace?: string; readonly name: string }
  | { readonly type: 'scheduling'; readonly pod: string }
  /** What is the matter with an object, or why it is fine? */
  | { readonly type: 'explain'; readonly resource: string; readonly namespace?: string; readonly name: string }
  /** What a node, a pod or a workload's pods use now. */
  | { readonly type: 'usage'; readonly resource: string; readonly namespace?: string; readonly name: string }
  /** What would help it, tried on copies of the cluster: the answer may take a second or two. */
  | { readonly type: 'fixes'; readonly resource: string; readonly namespace?: string; readonly name: string }
  | {
      readonly type: 'logs'
      readonly namespace: string
      readonly pod: string
      readonly container?: string
      readonly previous?: boolean
      /** How many lines are known already; only those after them come. */
      readonly skip?: number
    }
  /** Dry run: what would the API server say? Used by the editor while typing. */
  | { readonly type: 'check'; readonly text: string; readonly namespace?: string }
  /** A request to the API as it would come over HTTP; what writes goes into the journal. */
  | {
      readonly type: 'http'
      readonly method: string
      readonly path: string
      readonly contentType?: string
      readonly accept?: string
      readonly body?: string
    }
  /** Are you alive? Asked every few seconds; silence means a crash. */
  | { readonly type: 'ping' }

/** How a playground starts: from nothing, by replaying a journal, or from a snapshot. */
export interface OpenPlayground {
  readonly shape: ClusterShape
  readonly journal?: readonly JournalEntry[]
  /** Replays until this virtual time. */
  readonly until?: number
  /** Its text, or that text gzipped. */
  readonly snapshot?: string | Uint8Array
  readonly past?: SavedPast
}

export interface Answers {
  open: {
    readonly ok: boolean
    readonly message?: string
    /** `shared`: a server's cluster is shown, of this shape, whatever was to be opened. */
    readonly restored: 'new' | 'replayed' | 'snapshot' | 'shared'
    readonly shape?: ClusterShape
  }
  act: ActionResult
  run: null
  speed: null
  step: null
  skip: null
  cancelSkip: null
  seek: null
  future: null
  undo: null
  preview: { readonly preview: Preview | null }
  compare: { readonly at: number; readonly differences: readonly Difference[] }
  /** Canonical text; restore it with open. */
  snapshot: {
    readonly snapshot: string | Uint8Array
    readonly at: number
    readonly journal: readonly JournalEntry[]
    readonly shape: ClusterShape
    readonly past?: SavedPast
  }
  why: { readonly chain: readonly CauseLink[] }
  scheduling: { readonly record: SchedulingRecord | null }
  explain: { readonly explanation: Explanation | null }
  usage: { readonly usage: Usage | null }
  fixes: { readonly fixes: readonly Fix[] }
  logs: {
    /** How many lines come before these. */
    readonly from?: number
    readonly lines: readonly { readonly at: number; readonly text: string }[]
    readonly message?: string
  }
  check: { readonly results: readonly ApplyResult[] }
  http: {
    readonly status: number
    readonly headers: Readonly<Record<string, string | readonly string[]>>
    readonly body: string
  }
  ping: null
}

export type HostMessage =
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string }
  | { readonly type: 'delta'; readonly delta: Delta }
  /** Sent every few seconds of work, so that a crash loses little. */
  | { readonly type: 'autosave'; readonly saved: Answers['snapshot'] }
  /** What a session at a terminal wrote, bytes as characters, and how it ended. */
  | {
      readonly type: 'terminal'
      readonly session: string
      readonly output: string
      readonly end?: { readonly exitCode: number; readonly failure?: string }
    }

export type PageMessage = { readonly id: number; readonly request: Request } | { readonly frameAck: true }

/** The page's end. A worker in this tab, a served process, or a test's fake. */
export interface Connection {
  request<T extends Request['type']>(request: Extract<Request, { type: T }>): Promise<Answers[T]>
  onDelta(listener: (delta: Delta) => void): () => void
  onAutosave(listener: (saved: Answers['snapshot']) => void): () => void
  onTerminal(listener: (said: Extract<HostMessage, { type: 'terminal' }>) => void): () => void
  /** Called when the host died; the page makes a new connection from its last save. */
  onCrash(listener: (message: string) => void): () => void
  close(): void
}
