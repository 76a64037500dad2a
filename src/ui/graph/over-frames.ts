import { flushSync } from 'react-dom'

/** So many cards are drawn at once without anybody noticing. */
const atOnce = 12
/** What drawing may take of a frame. */
const budgetMs = 5

const waiting = new Set<() => void>()
let isUnderWay = false

/**
 * Calls listeners, each of which draws a card: a few at once; of many, as many in each frame as there is time for. One that
 * is called for again before its turn is called once.
 */
export function overFrames(listeners: Iterable<() => void>): void {
  const all = [...listeners]
  if (!isUnderWay && all.length <= atOnce) return all.forEach((listener) => listener())
  for (const listener of all) waiting.add(listener)
  if (isUnderWay) return
  isUnderWay = true
  soon()
}

function soon(): void {
  // A hidden page has no frames, and nobody to hold up.
  if (document.hidden) setTimeout(drawSome, 0)
  else requestAnimationFrame(drawSome)
}

function drawSome(): void {
  const started = performance.now()
  for (const listener of waiting) {
    waiting.delete(listener)
    flushSync(listener)
    if (performance.now() - started > budgetMs) break
  }
  isUnderWay = waiting.size > 0
  if (isUnderWay) soon()
}
