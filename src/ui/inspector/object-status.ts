import type { KubeObject } from '../../machinery/objects.ts'
import type { IconName } from '../design/Icon.tsx'
import { nodeSummary } from '../graph/node-summary.ts'
import { podLooks, type Tone } from '../graph/pod-states.ts'
import { podStatus } from '../graph/pod-status.ts'

export interface ObjectStatus {
  /** As kubectl prints it. */
  readonly text: string
  readonly tone: Tone
  readonly icon: IconName
}

const phases: Readonly<Record<string, [Tone, IconName]>> = {
  Bound: ['ok', 's-running'],
  Available: ['mute', 's-pending'],
  Released: ['mute', 's-completed'],
  Active: ['ok', 's-running'],
  Pending: ['wait', 's-pending'],
  Terminating: ['end', 's-terminating'],
  Lost: ['fail', 's-error'],
  Failed: ['fail', 's-error'],
}

/** The badge beside a name, or nothing when the kind has no state worth a word. */
export function objectStatus(object: KubeObject): ObjectStatus | undefined {
  switch (object.kind) {
    case 'Pod': {
      const { status, state } = podStatus(object)
      return { text: status, tone: podLooks[state].tone, icon: podLooks[state].icon }
    }
    case 'Node': {
      const { badge, ready } = nodeSummary(object, undefined, [])
      if (badge) return { text: badge.word, tone: badge.tone, icon: badge.icon }
      return ready ? { text: 'Ready', tone: 'ok', icon: 's-running' } : undefined
    }
  }
  if (object.metadata.deletionTimestamp) return withTone('Terminating')
  const wanted = object.spec?.replicas
  if (typeof wanted === 'number') {
    const ready = object.status?.readyReplicas ?? 0
    const isAll = ready >= wanted
    return { text: `${ready}/${wanted}`, tone: isAll ? 'ok' : 'progress', icon: isAll ? 's-running' : 's-creating' }
  }
  const phase = object.status?.phase
  return typeof phase === 'string' ? withTone(phase) : undefined
}

function withTone(text: string): ObjectStatus {
  const [tone, icon] = phases[text] ?? ['mute', 's-unknown']
  return { text, tone, icon }
}
