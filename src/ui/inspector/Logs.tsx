import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answers } from '../../bridge/protocol.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { request } from '../state/session.ts'
import { clockText } from './clock-text.ts'

const pollMs = 1000

/** What a pod's container prints, followed while it is looked at. */
export function Logs({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const names: readonly string[] = [...(object.spec?.containers ?? []), ...(object.spec?.initContainers ?? [])].map(
    (container: any) => container.name,
  )
  const [container, setContainer] = useState(names[0])
  const [previous, setPrevious] = useState(false)
  const { name, namespace = '' } = object.metadata
  const logs = useLogs(namespace, name, container, previous)
  const end = useFollow(logs?.lines.length ?? 0)
  return (
    <>
      <div className="row log-bar">
        {names.length > 1 && (
          <label className="row">
            <span className="faint">{t('inspector.container.name')}</span>
            <select className="input" value={container} onChange={(event) => setContainer(event.target.value)}>
              {names.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
        <label className="row">
          <input type="checkbox" checked={previous} onChange={(event) => setPrevious(event.target.checked)} />
          {t('inspector.previous')}
        </label>
      </div>
      {logs?.message && <p className="nothing">{logs.message}</p>}
      {logs && !logs.message && logs.lines.length === 0 && <p className="nothing">{t('inspector.noLogs')}</p>}
      <ol className="log mono" ref={end} tabIndex={0} aria-label={t('inspector.tab.logs')}>
        {logs?.lines.map((line, index) => (
          <li key={index}>
            <time>{clockText(line.at)}</time>
            {line.text}
          </li>
        ))}
      </ol>
    </>
  )
}

function useLogs(
  namespace: string,
  pod: string,
  container: string | undefined,
  previous: boolean,
): Answers['logs'] | undefined {
  const [logs, setLogs] = useState<Answers['logs']>()
  useEffect(() => {
    let isOpen = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = async () => {
      const answer = await request<'logs'>({ type: 'logs', namespace, pod, container, previous }).catch(
        (error: unknown): Answers['logs'] => ({
          lines: [],
          message: error instanceof Error ? error.message : String(error),
        }),
      )
      if (!isOpen) return
      setLogs(answer)
      timer = setTimeout(() => void poll(), pollMs)
    }
    void poll()
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [namespace, pod, container, previous])
  return logs
}

/** Keeps the end in view, unless the reader has scrolled up. */
function useFollow(count: number) {
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const element = list.current
    if (!element) return
    const isNearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 80
    if (isNearEnd) element.scrollTop = element.scrollHeight
  }, [count])
  return list
}
