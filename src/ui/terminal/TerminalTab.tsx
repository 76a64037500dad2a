import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { loadAreas } from '../i18n/i18n.ts'
import { useCluster } from '../state/cluster-store.ts'
import { usePage } from '../state/page-store.ts'
import { setRunning } from '../state/playgrounds.ts'
import { startKubectl } from './kubectl-session.ts'
import { disposeScreen, repaintScreens, screenOf } from './screen.ts'
import { startShell } from './shell-session.ts'
import type { OpenTerminal } from './terminal-store.ts'
import { closeTerminal, useTerminals } from './terminal-store.ts'
import './terminal.css'

await loadAreas('terminal')

/** kubectl, and shells in containers. */
export function TerminalTab() {
  const { t } = useTranslation()
  const { terminals, active } = useTerminals()
  const theme = usePage((state) => state.theme)
  const shown = terminals.find(({ id }) => id === active) ?? terminals[0]!
  // After the page itself has taken the theme's tokens over.
  useEffect(() => {
    const timer = setTimeout(repaintScreens)
    return () => clearTimeout(timer)
  }, [theme])
  return (
    <div className="terminals">
      <ul className="terminal-list" aria-label={t('terminal.list')}>
        {terminals.map((terminal) => (
          <li key={terminal.id} className={terminal.id === shown.id ? 'on' : undefined}>
            <button
              type="button"
              className="terminal-name"
              aria-pressed={terminal.id === shown.id}
              title={terminal.shell && `${terminal.shell.namespace}/${terminal.shell.pod} ${terminal.shell.container}`}
              onClick={() => useTerminals.setState({ active: terminal.id })}
            >
              <Icon name={terminal.shell ? 'pod' : 'ui-term'} size={14} />
              <span className="ell">{terminal.title}</span>
            </button>
            {terminal.shell && (
              <button
                type="button"
                className="btn icon small"
                aria-label={t('terminal.close', { name: terminal.title })}
                onClick={() => {
                  disposeScreen(terminal.id)
                  closeTerminal(terminal.id)
                }}
              >
                <Icon name="ui-x" size={12} />
              </button>
            )}
          </li>
        ))}
      </ul>
      <div className="terminal-view">
        <View key={shown.id} terminal={shown} />
        {shown.shell && <Paused />}
      </div>
    </div>
  )
}

function View({ terminal: { id, title, shell } }: { terminal: OpenTerminal }) {
  const { t } = useTranslation()
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const screen = screenOf(id, (begun) => (shell ? startShell(begun, id, shell) : startKubectl(begun)))
    return screen.show(element.current!)
  }, [id, shell])
  return (
    <div className="terminal-screen" ref={element} role="region" aria-label={t('terminal.screen', { name: title })} />
  )
}

/** In a container nothing moves while time stands still. */
function Paused() {
  const { t } = useTranslation()
  const isRunning = useCluster((state) => state.clock.running)
  if (isRunning) return null
  return (
    <div className="terminal-paused" role="status">
      {t('terminal.paused')}
      <button type="button" className="btn out" onClick={() => setRunning(true)}>
        {t('shell.transport.run')}
      </button>
    </div>
  )
}
