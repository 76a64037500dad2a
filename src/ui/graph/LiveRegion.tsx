import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clusterStore } from '../state/cluster-store.ts'
import { onPodEvents } from './live-pods.ts'
import { newsOf, type NewsItem } from './news.ts'
import { isLost } from './node-summary.ts'

const gatherMs = 1000
const mostSentences = 3

/** Speaks what the picture shows: evictions, failures, nodes lost and found. At most three sentences at a time. */
export function LiveRegion() {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  useEffect(() => {
    let items: NewsItem[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const speak = () => {
      timer = undefined
      const said = items.slice(0, mostSentences).map((item) => t(`graph.news.${item.key}`, item.values))
      if (items.length > said.length) said.push(t('graph.news.more', { count: items.length - said.length }))
      items = []
      setText(said.join('. '))
    }
    const add = (more: readonly NewsItem[]) => {
      if (!more.length) return
      items.push(...more)
      timer ??= setTimeout(speak, gatherMs)
    }
    const stopPods = onPodEvents((events) => {
      const nodes = clusterStore.getState().resources.nodes?.byKey
      add(newsOf(events, (node) => isLost(nodes?.get(node))))
    })
    const stopNodes = clusterStore.subscribe((state, before) => {
      const nodes = state.resources.nodes?.byKey
      if (
        !nodes ||
        nodes === before.resources.nodes?.byKey ||
        state.world !== before.world ||
        state.jumps !== before.jumps
      )
        return
      for (const [key, node] of nodes) {
        const old = before.resources.nodes?.byKey.get(key)
        if (!old || readiness(old) === readiness(node)) continue
        add([{ key: 'nodeState', values: { node: key, state: readiness(node) === 'True' ? 'Ready' : 'NotReady' } }])
      }
    })
    return () => {
      stopPods()
      stopNodes()
      clearTimeout(timer)
    }
  }, [t])
  return (
    <div className="spoken" role="status" aria-live="polite">
      {text}
    </div>
  )
}

function readiness(node: { readonly status?: any }): string {
  return node.status?.conditions?.find((c: any) => c.type === 'Ready')?.status ?? 'Unknown'
}
