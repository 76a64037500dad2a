import type { KernelHost } from './host.ts'
import type { Descriptor, KernelState } from './types.ts'

/** Gives text to who looks at a stream; a terminal has one channel, and its lines end in CR LF. */
export function output(
  state: KernelState,
  host: KernelHost,
  { stream, channel }: Extract<Descriptor, { kind: 'stream' }>,
  text: string,
): void {
  const tty = state.streams[stream]?.tty
  if (text === '') return
  if (!tty) host.output(stream, channel === 'stderr' ? 'stderr' : 'stdout', text)
  else host.output(stream, 'stdout', tty.raw ? text : text.replace(/\n/g, '\r\n'))
}
