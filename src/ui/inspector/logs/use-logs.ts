import { useEffect, useState } from 'react'
import { clusterStore } from '../../state/cluster-store.ts'
import { request } from '../../state/session.ts'

const pollMs = 700

export interface LogLine {
  readonly at: number
  readonly text: string
}

export interface Log {
  readonly lines: readonly LogLine[]
  readonly message?: string
}

/** What a container has printed so far; while it is looked at, what is new is added. */
export function useLogs(
  namespace: string,
  pod: string,
  container: string | undefined,
  previous: boolean,
): Log | undefined {
  const id = `${namespace}/${pod} ${container} ${previous}`
  const [log, setLog] = useState<{ readonly id: string; readonly log: Log }>()
  useEffect(() => {
    let isOpen = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let lines: LogLine[] = []
    let asked = ''
    const poll = async () => {
      const { clock, controlPlane, world } = clusterStore.getState()
      const state = `${clock.now} ${controlPlane?.revision} ${world}`
      if (state !== asked) {
        asked = state
        // The last line may not have been at its end.
        const skip = Math.max(0, lines.length - 1)
        const answer = await request<'logs'>({ type: 'logs', namespace, pod, container, previous, skip }).catch(
          (error: unknown) => ({ lines: [], from: 0, message: error instanceof Error ? error.message : String(error) }),
        )
        if (!isOpen) return
        const from = answer.from ?? 0
        const isSame =
          from === lines.length - 1 && answer.lines.length === 1 && answer.lines[0]!.text === lines.at(-1)?.text
        if (!isSame || answer.message) {
          lines = [...lines.slice(0, from), ...answer.lines]
          setLog({ id, log: { lines, ...(answer.message && { message: answer.message }) } })
        }
      }
      timer = setTimeout(() => void poll(), pollMs)
    }
    void poll()
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [id, namespace, pod, container, previous])
  return log?.id === id ? log.log : undefined
}
