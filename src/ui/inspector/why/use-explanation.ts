import { useEffect, useState } from 'react'
import type { Explanation, Fix } from '../../../bridge/protocol.ts'
import { splitKey } from '../../../machinery/objects.ts'
import { clusterStore } from '../../state/cluster-store.ts'
import type { Selection } from '../../state/page-store.ts'
import { request } from '../../state/session.ts'

const pollMs = 500
/** What takes long to answer is asked less often: so many times as long as it took. */
const restFactor = 15
/** Fixes are worked out anew when the answer changes, and after so long when the cluster does. */
const fixesAgainMs = 10_000

/** What the cluster says is the matter with an object; asked again while it changes. Undefined until it has said something. */
export function useExplanation({ resource, key }: Selection): Explanation | null | undefined {
  const [text, setText] = useState<string>()
  useEffect(() => {
    let isOpen = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked = ''
    const ask = async () => {
      const { clock, controlPlane, world } = clusterStore.getState()
      const begun = performance.now()
      const state = `${clock.now} ${controlPlane?.revision} ${world}`
      if (state !== asked) {
        asked = state
        const answer = await request<'explain'>({ type: 'explain', resource, ...splitKey(key) }).catch(() => null)
        if (!isOpen) return
        setText(JSON.stringify(answer?.explanation ?? null))
      }
      timer = setTimeout(() => void ask(), Math.max(pollMs, (performance.now() - begun) * restFactor))
    }
    void ask()
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [resource, key])
  return text === undefined ? undefined : (JSON.parse(text) as Explanation | null)
}

/** What was tried on copies of the cluster and helps; undefined while it is being tried. */
export function useFixes(
  { resource, key }: Selection,
  explanation: Explanation | null | undefined,
): readonly Fix[] | undefined {
  const [answer, setAnswer] = useState<{ readonly question: string; readonly fixes: readonly Fix[] }>()
  const [round, setRound] = useState(0)
  const question = explanation?.mayHaveFixes
    ? JSON.stringify([explanation.verdict.code, explanation.verdict.because.map(({ code }) => code)])
    : ''
  useEffect(() => {
    if (!question) return undefined
    let isOpen = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      const revision = clusterStore.getState().controlPlane?.revision
      const begun = performance.now()
      const found = await request<'fixes'>({ type: 'fixes', resource, ...splitKey(key) }).catch(() => null)
      if (!isOpen) return
      const tookMs = performance.now() - begun
      setAnswer({ question, fixes: found?.fixes ?? [] })
      timer = setInterval(
        () => {
          if (clusterStore.getState().controlPlane?.revision !== revision) setRound((count) => count + 1)
        },
        Math.max(fixesAgainMs, tookMs * restFactor),
      )
    }
    // Whoever only passes by does not have clusters copied.
    timer = setTimeout(() => void ask(), 250)
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [resource, key, question, round])
  if (!question) return []
  return answer?.question === question ? answer.fixes : undefined
}
