import { useReactFlow } from '@xyflow/react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { clusterStore } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import { isFiltering, type GraphFilter } from './graph-filter.ts'
import { isBusyElsewhere } from './LensTabs.tsx'
import { setFilter } from './lens-store.ts'
import { currentPlaces } from './live-places.ts'
import { calm, livePods } from './live-pods.ts'
import { matchesOf } from './matches.ts'

const refreshMs = 500
const lookMs = 320

/** Free text: `/` comes here, Enter walks through what fits, Escape leaves and takes the words back. */
export function FilterWords({ filter }: { filter: GraphFilter }) {
  const { t } = useTranslation()
  const flow = useReactFlow()
  const input = useRef<HTMLInputElement>(null)
  const at = useRef(-1)
  const count = useMatchCount(filter)
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.defaultPrevented || isBusyElsewhere(event)) return
      event.preventDefault()
      input.current?.select()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation()
    if (event.key === 'Escape') {
      setFilter({ query: '' })
      input.current?.blur()
    }
    if (event.key !== 'Enter') return
    const found = matchesOf(filter)
    if (!found.length) return
    at.current = (at.current + (event.shiftKey ? -1 : 1) + found.length) % found.length
    const next = found[at.current]!
    select(next)
    void lookAt(flow, next)
  }
  return (
    <label className={`chip words${filter.query ? ' on' : ''}`}>
      <Icon name="ui-filter" size={13} />
      <input
        ref={input}
        value={filter.query}
        placeholder={t('lenses.filter.placeholder')}
        aria-label={t('lenses.filter.label')}
        aria-keyshortcuts="/"
        spellCheck={false}
        maxLength={200}
        onChange={(event) => {
          at.current = -1
          setFilter({ query: event.target.value })
        }}
        onKeyDown={onKeyDown}
      />
      {isFiltering(filter) ? (
        <span className="faint" role="status">
          {t('lenses.filter.matches', { count })}
        </span>
      ) : (
        <span className="kbd" aria-hidden="true">
          /
        </span>
      )}
    </label>
  )
}

/** Moves the camera to a card or, of a pod, to the card it is shown in. */
async function lookAt(flow: ReturnType<typeof useReactFlow>, { resource, key }: { resource: string; key: string }) {
  const pod = resource === 'pods' ? livePods.get(key) : undefined
  const id = resource === 'nodes' ? key : `${resource} ${key}`
  const node =
    flow.getNode(id) ??
    (pod &&
      (flow.getNode(pod.node ?? 'control plane') ??
        flow.getNode(pod.owned) ??
        flow.getNodes().find(({ data }) => (data.pods as string[] | undefined)?.includes(pod.owned))))
  const options = { duration: calm(lookMs), padding: 0.6 }
  const far = currentPlaces().nodes.get(pod?.node ?? key)
  // A node that is only painted is no element of the flow.
  if (node) await flow.fitView({ nodes: [{ id: node.id }], maxZoom: 1, minZoom: 0.5, ...options })
  else if (far && (pod || resource === 'nodes'))
    await flow.setCenter(far.x + far.width / 2, far.y + far.height / 2, { zoom: 1, ...options })
}

/** How much fits, looked at again twice a second while the cluster changes. */
function useMatchCount(filter: GraphFilter): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    if (!isFiltering(filter)) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      timer = undefined
      setCount(matchesOf(filter).length)
    }
    timer = setTimeout(look)
    const stop = clusterStore.subscribe((state, before) => {
      if (state.resources !== before.resources) timer ??= setTimeout(look, refreshMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [filter])
  return count
}
