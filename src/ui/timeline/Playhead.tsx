import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { momentText } from '../shell/time-text.ts'
import { useCluster } from '../state/cluster-store.ts'
import { canGoBack, momentBeside, seek } from '../state/time.ts'

interface PlayheadProps {
  x(at: number): number
  at(left: number): number
  readonly from: number
  readonly height: number
  readonly now: number
  readonly live: number
}

/** So near to the end the hand means the end. */
const snapPx = 5
const stepMs = 1_000
const largeStepMs = 10_000
const pageMs = 60_000

/** The moment that is looked at. The ruler above is its track: it is dragged there, or moved by keys. */
export function Playhead({ x, at, from, height, now, live }: PlayheadProps) {
  const { t } = useTranslation()
  const earliest = useCluster((state) => state.futures.earliest)
  const isFixed = !canGoBack()
  const dragged = useRef(false)
  const head = useRef<HTMLDivElement>(null)

  const go = (to: number) => seek(to >= live ? null : Math.max(earliest, Math.round(to)))
  const toPointer = (event: PointerEvent) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left + from
    go(Math.abs(left - x(live)) < snapPx ? live : at(left))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const large = event.shiftKey ? largeStepMs : stepMs
    const steps: Readonly<Record<string, () => number | undefined>> = {
      ArrowLeft: () => now - large,
      ArrowDown: () => now - large,
      ArrowRight: () => now + large,
      ArrowUp: () => now + large,
      PageDown: () => now - pageMs,
      PageUp: () => now + pageMs,
      Home: () => earliest,
      End: () => live,
      '[': () => momentBeside(-1),
      ']': () => momentBeside(1) ?? live,
    }
    const to = Object.hasOwn(steps, event.key) ? steps[event.key]!() : undefined
    if (to === undefined) return
    event.preventDefault()
    go(to)
  }

  const left = x(now)
  return (
    <>
      <div
        className={`time-track${isFixed ? ' fixed' : ''}`}
        style={{ left: from }}
        onPointerDown={(event) => {
          if (isFixed || event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          dragged.current = true
          head.current?.focus({ preventScroll: true })
          toPointer(event)
        }}
        onPointerMove={(event) => dragged.current && toPointer(event)}
        onPointerUp={() => (dragged.current = false)}
        onPointerCancel={() => (dragged.current = false)}
      />
      {left >= from - 1 && (
        <div className="playhead" style={{ left, height: height - 14 }}>
          <div
            ref={head}
            className="playhead-time"
            role="slider"
            tabIndex={0}
            aria-label={t('dock.time.moment')}
            aria-orientation="horizontal"
            aria-valuemin={Math.floor(earliest / 1000)}
            aria-valuemax={Math.floor(live / 1000)}
            aria-valuenow={Math.floor(now / 1000)}
            aria-valuetext={momentText(now)}
            aria-disabled={isFixed}
            onKeyDown={onKeyDown}
          >
            {momentText(now)}
          </div>
        </div>
      )}
    </>
  )
}
