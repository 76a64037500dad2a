export interface Judged {
  /** The longest time in which the page's thread could do nothing else. */
  readonly longestTaskMs: number
  readonly medianFrameScriptMs: number
  /** Of the slowest twentieth of the frames, the fastest. */
  readonly slowFrameScriptMs: number
  readonly framesPerSecond: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly args?: { readonly name?: string; readonly data?: unknown }
}

/** Where script begins to run. What is nested in another of these counts once. */
const scripts = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'v8.run',
  'FireAnimationFrame',
  'TimerFire',
])
const tasks = new Set(['RunTask', 'ThreadControllerImpl::RunTask'])

/** What a trace says of the page's own thread: the one of the renderer's threads that draws frames most. */
export function judge(events: readonly object[]): Judged {
  const all = events as readonly TraceEvent[]
  const frames = all.filter(({ name }) => name === 'BeginMainThreadFrame')
  const counts = new Map<string, number>()
  for (const { pid, tid } of frames) counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1)
  const [main] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
  if (!main) throw new Error('the trace has no frames')
  const own = all.filter(({ pid, tid, ph }) => `${pid} ${tid}` === main && (ph === 'X' || ph === 'I' || ph === 'i'))
  const longest = Math.max(0, ...own.filter(({ name }) => tasks.has(name)).map(({ dur = 0 }) => dur))
  const begins = own
    .filter(({ name }) => name === 'BeginMainThreadFrame')
    .map(({ ts }) => ts)
    .sort((a, b) => a - b)
  const script = own.filter(({ name, dur }) => scripts.has(name) && dur).sort((a, b) => a.ts - b.ts || b.dur! - a.dur!)
  const perFrame = new Array<number>(begins.length).fill(0)
  let end = 0
  let frame = 0
  for (const { ts, dur = 0 } of script) {
    if (ts < end) continue
    end = ts + dur
    while (frame + 1 < begins.length && begins[frame + 1]! <= ts) frame++
    if (begins.length > 0 && ts >= begins[0]!) perFrame[frame]! += dur
  }
  const sorted = perFrame.toSorted((a, b) => a - b)
  const seconds = (begins.at(-1)! - begins[0]!) / 1e6
  return {
    longestTaskMs: longest / 1000,
    medianFrameScriptMs: (sorted[sorted.length >> 1] ?? 0) / 1000,
    slowFrameScriptMs: (sorted[Math.floor(sorted.length * 0.95)] ?? 0) / 1000,
    framesPerSecond: begins.length / Math.max(0.001, seconds),
  }
}
