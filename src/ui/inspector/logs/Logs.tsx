import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clusterStore } from '../../state/cluster-store.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { rfc3339 } from '../../../lib/time.ts'
import { Icon } from '../../design/Icon.tsx'
import { LogLines } from './LogLines.tsx'
import { matchesIn } from './levels.ts'
import { useLogs, type LogLine } from './use-logs.ts'
import './logs.css'

/** So many lines are shown at first, and more when they are asked for. */
const page = 1000

/** What a pod's container prints: followed, searched, downloaded. */
export function Logs({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const names: readonly string[] = [...(object.spec?.containers ?? []), ...(object.spec?.initContainers ?? [])].map(
    (container: any) => container.name,
  )
  const [container, setContainer] = useState(names[0])
  const [previous, setPrevious] = useState(false)
  const [withTimes, setWithTimes] = useState(true)
  const [search, setSearch] = useState('')
  const { name, namespace = '' } = object.metadata
  const log = useLogs(namespace, name, container, previous)
  const lines = log?.lines ?? []
  return (
    <>
      <div className="row log-bar">
        {names.length > 1 && (
          <select
            className="input"
            aria-label={t('inspector.container.name')}
            value={container}
            onChange={(event) => setContainer(event.target.value)}
          >
            {names.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
        <Toggle isOn={previous} label={t('inspector.previous')} onChange={setPrevious} />
        <Toggle isOn={withTimes} label={t('inspect.logs.times')} onChange={setWithTimes} />
        <span className="grow" />
        <button
          type="button"
          className="btn icon step"
          aria-label={t('inspect.logs.download')}
          title={t('inspect.logs.download')}
          disabled={lines.length === 0}
          onClick={() => download(`${name}-${container}.log`, lines)}
        >
          <Icon name="ui-download" size={15} />
        </button>
      </div>
      {log?.message && <p className="nothing">{log.message}</p>}
      {log && !log.message && lines.length === 0 && <p className="nothing">{t('inspector.noLogs')}</p>}
      <LogView
        key={`${container} ${previous}`}
        lines={lines}
        withTimes={withTimes}
        search={search}
        onSearch={setSearch}
      />
    </>
  )
}

interface LogViewProps {
  readonly lines: readonly LogLine[]
  readonly withTimes: boolean
  readonly search: string
  readonly onSearch: (text: string) => void
}

function LogView({ lines, withTimes, search, onSearch }: LogViewProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  const [follows, setFollows] = useState(true)
  const [earlier, setEarlier] = useState(0)
  const [chosen, setChosen] = useState(0)
  const wanted = useDeferredValue(search)
  const matches = useMemo(() => matchesIn(lines, wanted), [lines, wanted])
  const at = matches.length > 0 ? ((chosen % matches.length) + matches.length) % matches.length : 0
  const current = matches[at]
  const least = Math.max(0, lines.length - page - earlier)
  const first = current === undefined ? least : Math.min(least, current)

  useEffect(() => {
    const toEnd = () => {
      if (list.current) list.current.scrollTop = list.current.scrollHeight
    }
    if (!follows) return undefined
    toEnd()
    // Lines that were out of sight get their height in the next frames.
    let left = 3
    let frame = requestAnimationFrame(function again() {
      toEnd()
      if (--left > 0) frame = requestAnimationFrame(again)
    })
    return () => cancelAnimationFrame(frame)
  }, [follows, lines])

  useEffect(() => {
    if (current === undefined) return
    list.current?.querySelector(`[data-line="${current}"]`)?.scrollIntoView({ block: 'center' })
  }, [current])

  function go(by: number) {
    setFollows(false)
    setChosen(at + by)
  }

  return (
    <>
      <div className="row log-bar">
        <label className="input search">
          <Icon name="ui-search" size={13} className="faint" />
          <input
            type="search"
            aria-label={t('inspect.logs.search')}
            placeholder={t('inspect.logs.search')}
            value={search}
            onChange={(event) => (onSearch(event.target.value), setChosen(0), setFollows(event.target.value === ''))}
            onKeyDown={(event) => event.key === 'Enter' && go(event.shiftKey ? -1 : 1)}
          />
        </label>
        {search && (
          <>
            <span className="faint count" role="status">
              {matches.length > 0
                ? t('inspect.logs.matches', { at: at + 1, count: matches.length })
                : t('inspect.logs.noMatch')}
            </span>
            <button
              type="button"
              className="btn icon step up"
              aria-label={t('inspect.logs.previous')}
              onClick={() => go(-1)}
            >
              <Icon name="ui-chev-d" size={14} />
            </button>
            <button type="button" className="btn icon step" aria-label={t('inspect.logs.next')} onClick={() => go(1)}>
              <Icon name="ui-chev-d" size={14} />
            </button>
          </>
        )}
        <Toggle isOn={follows} label={t('inspect.logs.follow')} onChange={setFollows} />
      </div>
      <ol
        className={withTimes ? 'log mono' : 'log mono without-times'}
        ref={list}
        tabIndex={0}
        aria-label={t('inspector.tab.logs')}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          const isAtEnd = scrollHeight - scrollTop - clientHeight < 24
          if (isAtEnd !== follows && !search) setFollows(isAtEnd)
        }}
      >
        {first > 0 && (
          <li className="earlier">
            <button type="button" className="btn slim" onClick={() => (setFollows(false), setEarlier(earlier + page))}>
              {t('inspect.logs.earlier', { count: Math.min(first, page) })}
            </button>
          </li>
        )}
        <LogLines lines={lines} first={first} search={wanted} current={current} />
      </ol>
    </>
  )
}

function Toggle({ isOn, label, onChange }: { isOn: boolean; label: string; onChange: (isOn: boolean) => void }) {
  return (
    <button
      type="button"
      className={isOn ? 'chip toggle on' : 'chip toggle'}
      aria-pressed={isOn}
      onClick={() => onChange(!isOn)}
    >
      {label}
    </button>
  )
}

/** With times, as kubectl logs --timestamps writes them. */
function download(name: string, lines: readonly LogLine[]): void {
  const { epoch } = clusterStore.getState().clock
  const text = lines.map(({ at, text }) => `${rfc3339(epoch + at)} ${text}\n`).join('')
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
