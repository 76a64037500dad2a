import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { usePage } from '../../state/page-store.ts'
import { clockText } from '../clock-text.ts'
import type { Sample } from './samples.ts'

interface ChartProps {
  readonly name: string
  readonly samples: readonly Sample[]
  readonly valueOf: (sample: Sample) => number
  readonly format: (value: number) => string
  readonly requested: number
  readonly limit: number
  /** The limit is what a node has, not what was asked for. */
  readonly isWhole?: boolean
  /** Steps that its axis may take; powers of two for bytes. */
  readonly steps?: number[]
}

const heightPx = 74
/** A young chart is not stretched over its whole width. */
const leastSpanMs = 60_000

/** One measure over time: a filled line for what is used, a dashed one for requests, a solid one for the limit. */
export function Chart({ name, samples, valueOf, format, requested, limit, isWhole, steps }: ChartProps) {
  const { t } = useTranslation()
  const theme = usePage((state) => state.theme)
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const now = samples.at(-1)
  const used = now ? valueOf(now) : 0

  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const made = new uPlot(optionsFor(element, format, steps), [[], [], [], []], element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [theme, format, steps])

  useEffect(() => {
    const times = samples.map(({ at }) => at)
    const flat = (value: number) => times.map(() => (value > 0 ? value : null))
    plot.current?.setData([times, samples.map(valueOf), flat(requested), flat(limit)], false)
    const last = times.at(-1) ?? 0
    // Nothing was before the cluster's beginning.
    const first = Math.max(0, Math.min(times[0] ?? 0, last - leastSpanMs))
    const most = Math.max(...samples.map(valueOf), requested, Math.min(limit, Math.max(requested, used) * 4))
    plot.current?.batch(() => {
      plot.current?.setScale('x', { min: first, max: Math.max(last, first + leastSpanMs) })
      plot.current?.setScale('y', { min: 0, max: most > 0 ? most * 1.12 : 1 })
    })
  }, [samples, valueOf, requested, limit, used, theme])

  const parts = [
    t('inspect.usedNow', { value: format(used) }),
    ...(requested > 0 ? [t('inspect.requestedNow', { value: format(requested) })] : []),
    ...(limit > 0 ? [t(isWhole ? 'inspect.ofNow' : 'inspect.limitNow', { value: format(limit) })] : []),
  ]
  return (
    <figure className="chart">
      <figcaption>
        <b>{name}</b>
        <span className="grow" />
        <span className="dim">{parts.join(' · ')}</span>
      </figcaption>
      <div ref={box} className="plot" role="img" aria-label={`${name}: ${parts.join(', ')}`} />
    </figure>
  )
}

function optionsFor(element: HTMLElement, format: (value: number) => string, steps?: number[]): uPlot.Options {
  const tokens = getComputedStyle(element)
  const token = (name: string) => tokens.getPropertyValue(`--${name}`).trim()
  const font = `10px ${tokens.getPropertyValue('--font-ui') || 'sans-serif'}`
  const axis = { stroke: token('text-3'), font, ticks: { show: false }, grid: { stroke: token('line'), width: 1 } }
  return {
    width: element.clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { show: false },
    padding: [4, 16, 0, 0],
    scales: { x: { time: false, auto: false }, y: { auto: false } },
    axes: [
      {
        ...axis,
        size: 16,
        gap: 2,
        space: 70,
        grid: { show: false },
        values: (_plot, times) => times.map((at) => clockText(at).replace(/\.\d$/, '')),
      },
      {
        ...axis,
        size: 38,
        gap: 4,
        space: 24,
        values: (_plot, values) => values.map((value) => (value === 0 ? '' : format(value))),
        ...(steps && { incrs: steps }),
      },
    ],
    series: [
      {},
      { stroke: token('accent'), width: 1.5, fill: token('accent-soft'), points: { show: false } },
      { stroke: token('text-3'), width: 1, dash: [4, 3], points: { show: false } },
      { stroke: token('warn-fill'), width: 1, points: { show: false } },
    ],
  }
}
