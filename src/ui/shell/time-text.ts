const two = (value: number) => String(value).padStart(2, '0')

/** Virtual milliseconds as `00:06:41` and `320`. */
export function clockText(ms: number): [clock: string, fraction: string] {
  const whole = Math.floor(ms)
  const seconds = Math.floor(whole / 1000)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  return [clock, String(whole % 1000).padStart(3, '0')]
}

/** A moment on an axis: `6:41`, or `1:06:41` from an hour on. */
export function momentText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** A duration in one or two units: `80 ms`, `2.1 s`, `4 m 12 s`, `3 h 5 m`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} m ${Math.floor(ms / 1000) % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`
}
