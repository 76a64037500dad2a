import type { IconName } from '../design/Icon.tsx'
import type { PodState } from './pod-status.ts'

/** The colour words of the tokens. */
export type Tone = 'ok' | 'progress' | 'wait' | 'warn' | 'fail' | 'end' | 'mute'

export interface PodLook {
  readonly tone: Tone
  readonly icon: IconName
  /** 0 quiet, 1 outline, 2 tinted body, 3 solid glyph block. */
  readonly urgency: 0 | 1 | 2 | 3
  /** Its class in ui.css. */
  readonly className: string
  /** Silhouette when a pod is only a cell. */
  readonly cell: 'solid' | 'hollow' | 'bars' | 'disc' | 'half' | 'cut' | 'low' | 'dot'
  readonly quiet?: boolean
}

/** How each state is drawn: colour and glyph, at cell size colour and silhouette. */
export const podLooks: Readonly<Record<PodState, PodLook>> = {
  Running: { tone: 'ok', icon: 's-running', urgency: 0, className: '', cell: 'solid', quiet: true },
  Completed: { tone: 'mute', icon: 's-completed', urgency: 0, className: 'dim', cell: 'hollow', quiet: true },
  ContainerCreating: { tone: 'progress', icon: 's-creating', urgency: 1, className: 'u1', cell: 'disc' },
  Pending: { tone: 'wait', icon: 's-pending', urgency: 1, className: 'u1d', cell: 'hollow' },
  SchedulingGated: { tone: 'wait', icon: 's-gated', urgency: 1, className: 'u1d', cell: 'bars' },
  NotReady: { tone: 'warn', icon: 's-notready', urgency: 2, className: 'u2', cell: 'half' },
  CrashLoopBackOff: { tone: 'fail', icon: 's-crash', urgency: 3, className: 'u3', cell: 'cut' },
  OOMKilled: { tone: 'fail', icon: 's-oom', urgency: 3, className: 'u3', cell: 'cut' },
  Error: { tone: 'fail', icon: 's-error', urgency: 3, className: 'u3', cell: 'cut' },
  Evicted: { tone: 'end', icon: 's-evicted', urgency: 3, className: 'u3', cell: 'cut' },
  Terminating: { tone: 'end', icon: 's-terminating', urgency: 1, className: 'u1', cell: 'low' },
  Unknown: { tone: 'mute', icon: 's-unknown', urgency: 1, className: 'u1', cell: 'dot' },
}

/** The order of lists and of cells inside a node. */
export const podStateOrder = Object.keys(podLooks) as readonly PodState[]
