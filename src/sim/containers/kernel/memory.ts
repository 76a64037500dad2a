import type { Data, KernelState, ProcessState } from './types.ts'

/** What a small process takes before it remembers anything: code, stack, the C library. */
const leastBytes = 700 * 1024

/**
 * Bytes that a process works with: all text that it remembers, and what it says in fields called `held`: what it would
 * have to remember, but is not looked at before it is killed for it.
 */
export function memoryOf({ memory, argv, env }: ProcessState): number {
  let bytes = leastBytes
  for (const text of [...argv, ...Object.values(env)]) bytes += text.length
  const left: (Data | undefined)[] = [memory]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string') bytes += one.length
    else if (typeof one === 'object' && one !== null) {
      const { held } = one as { readonly held?: Data }
      if (typeof held === 'number') bytes += held
      for (const value of Object.values(one))
        if (typeof value === 'string' || typeof value === 'object') left.push(value)
    }
  }
  return bytes
}

/** Bytes in pipes. */
export function bytesInPipes({ pipes }: KernelState): number {
  let bytes = 0
  for (const id in pipes) bytes += pipes[id]!.data.length
  return bytes
}
