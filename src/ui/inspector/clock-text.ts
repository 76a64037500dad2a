/** Virtual time since the cluster's start: `06:38.1`, or `1:06:38.1` after the first hour. */
export function clockText(ms: number): string {
  const tenths = Math.floor(ms / 100)
  const seconds = Math.floor(tenths / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${tenths % 10}`
  return hours ? `${hours}:${rest}` : rest
}
