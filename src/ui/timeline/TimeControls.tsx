import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { durationText } from '../shell/time-text.ts'
import { useCluster } from '../state/cluster-store.ts'
import { setSpeed } from '../state/playgrounds.ts'
import { seek, undo, useIsPast, useUndoable } from '../state/time.ts'
import { actionText } from './action-text.ts'
import { CompareButton } from './Compare.tsx'

/** Which future is looked at and from where, the way back to its end, what may be taken back, and how fast time goes. */
export function TimeControls() {
  const { t } = useTranslation()
  const isPast = useIsPast()
  const current = useCluster((state) => state.futures.current)
  const several = useCluster((state) => state.futures.all.length > 1)
  return (
    <div className="time-controls">
      {(isPast || several) && (
        <span className="where">
          <Icon name="ui-fork" size={14} />
          <b>{current}</b>
          {isPast && <BeforeLive />}
        </span>
      )}
      {several && <CompareButton />}
      {isPast && (
        <button type="button" className="btn out" onClick={() => seek(null)}>
          {t('dock.time.return')}
        </button>
      )}
      <UndoButton />
      <span className="sep" />
      <SpeedSlider />
    </div>
  )
}

function BeforeLive() {
  const { t } = useTranslation()
  const behind = useCluster(({ clock }) => durationText((clock.live ?? clock.now) - clock.now))
  return <span className="faint">{t('dock.time.viewing', { behind })}</span>
}

function UndoButton() {
  const { t } = useTranslation()
  const last = useUndoable()
  if (!last) return null
  const label = t('dock.time.undo', { what: actionText(last, t) })
  return (
    <button type="button" className="btn icon" aria-label={label} title={label} onClick={() => void undo()}>
      <Icon name="ui-undo" />
    </button>
  )
}

const lowest = -1
const highest = 3

/** A logarithmic scale from a tenth to a thousand times. */
function SpeedSlider() {
  const { t } = useTranslation()
  const speed = useCluster((state) => state.clock.speed)
  const choose = (exponent: number) => {
    const exact = 10 ** exponent
    const digit = 10 ** Math.floor(exponent + 1e-9)
    setSpeed(Number(Math.min(1000, Math.max(0.1, Math.round(exact / digit) * digit)).toPrecision(1)))
  }
  return (
    <label className="speed-slider">
      {t('dock.time.speed')}
      <input
        type="range"
        min={lowest}
        max={highest}
        step={0.1}
        value={Math.log10(speed)}
        aria-valuetext={`${speed}×`}
        onChange={(event) => choose(Number(event.target.value))}
      />
      <b aria-hidden="true">{speed}×</b>
    </label>
  )
}
