import { useEffect, useRef, type RefObject } from 'react'
import { prefersReducedMotion } from './live-pods.ts'

const leastGapMs = 250
const beatMs = 420

/** Beats an element's outline whenever the count of work done grows, at most four times a second. */
export function usePulse(count: number): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null)
  const last = useRef({ count, at: 0 })
  useEffect(() => {
    const now = performance.now()
    const grew = count > last.current.count
    const isFirst = last.current.count === 0
    last.current.count = count
    if (!grew || isFirst || now - last.current.at < leastGapMs || prefersReducedMotion()) return
    last.current.at = now
    element.current?.animate([{ opacity: 1 }, { opacity: 0 }], {
      duration: beatMs,
      easing: 'ease-out',
      pseudoElement: '::after',
    })
  }, [count])
  return element
}
