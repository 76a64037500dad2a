import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { LazyMenu } from '../design/LazyMenu.tsx'
import { useCluster } from '../state/cluster-store.ts'
import { setRunning, usePlaygrounds } from '../state/playgrounds.ts'
import { request } from '../state/session.ts'
import { canGoBack, momentBeside, seek, useIsPast } from '../state/time.ts'
import { clockText, durationText } from './time-text.ts'

/** Run, pause, step, speed and skip: virtual time in the user's hand. */
export function Transport() {
  const { t } = useTranslation()
  const isRunning = useCluster((state) => state.clock.running)
  const isSkipping = useCluster((state) => state.clock.skippingTo !== undefined)
  const isOpening = usePlaygrounds((state) => state.isOpening)
  const label = isRunning ? t('shell.transport.pause') : t('shell.transport.run')
  return (
    <div className="transport" role="toolbar" aria-label={t('shell.transport.label')}>
      <BackButton isDisabled={isOpening} />
      <button
        type="button"
        className="btn icon"
        aria-label={label}
        title={`${label} (${t('shell.keys.space')})`}
        disabled={isOpening}
        onClick={() => setRunning(!isRunning)}
      >
        <Icon name={isRunning ? 'ui-pause' : 'ui-play'} />
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label={t('shell.transport.step')}
        title={t('shell.transport.step')}
        disabled={isOpening}
        onClick={() => void request<'step'>({ type: 'step' }).catch(() => undefined)}
      >
        <Icon name="ui-step" />
      </button>
      <span className="sep" />
      <Clock />
      <span className="sep" />
      <SpeedButton />
      <span className="sep" />
      {isSkipping ? (
        <button
          type="button"
          className="btn skip"
          onClick={() => void request<'cancelSkip'>({ type: 'cancelSkip' }).catch(() => undefined)}
        >
          <Icon name="ui-x" />
          {t('shell.transport.stopSkipping')}
        </button>
      ) : (
        <SkipButton isDisabled={isOpening} />
      )}
    </div>
  )
}

/** To the last thing that happened before this moment. */
function BackButton({ isDisabled }: { isDisabled: boolean }) {
  const { t } = useTranslation()
  if (!canGoBack()) return null
  return (
    <button
      type="button"
      className="btn icon"
      aria-label={t('shell.transport.back')}
      title={t('shell.transport.back')}
      disabled={isDisabled}
      onClick={() => {
        const at = momentBeside(-1)
        if (at !== undefined) seek(at)
      }}
    >
      <Icon name="ui-back" />
    </button>
  )
}

function Clock() {
  const { t } = useTranslation()
  const isPast = useIsPast()
  const [hours, fraction] = clockText(useCluster((state) => state.clock.now))
  return (
    <span className={`clock${isPast ? ' past' : ''}`} role="timer" aria-label={t('shell.transport.clock')}>
      {hours}
      <small>.{fraction}</small>
    </span>
  )
}

const loadSpeeds = () => import('./SpeedMenu.tsx')

function SpeedButton() {
  const { t } = useTranslation()
  const speed = useCluster((state) => state.clock.speed)
  return (
    <LazyMenu className="btn speed" label={t('shell.transport.speed', { speed })} load={loadSpeeds} more={{}}>
      {speed}×<Icon name="ui-chev-d" size={14} />
    </LazyMenu>
  )
}

function SkipButton({ isDisabled }: { isDisabled: boolean }) {
  const { t } = useTranslation()
  const nothingComes = useCluster((state) => state.clock.next === null)
  return (
    <button
      type="button"
      className="btn skip"
      disabled={isDisabled || nothingComes}
      onClick={() => void request<'skip'>({ type: 'skip' }).catch(() => undefined)}
    >
      <Icon name="ui-skip" />
      {t('shell.transport.skip')}
      <NextHint />
    </button>
  )
}

function NextHint() {
  const { t } = useTranslation()
  const wait = useCluster(({ clock }) =>
    clock.next === null ? null : durationText(Math.max(0, clock.next - clock.now)),
  )
  return (
    <span className="faint hint">
      {wait === null ? t('shell.transport.nothing') : t('shell.transport.in', { wait })}
    </span>
  )
}
