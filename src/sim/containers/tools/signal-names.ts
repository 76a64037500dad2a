import { signalNumbers } from '../kernel/signals.ts'
import type { Signal } from '../kernel/types.ts'

/** A signal by its name (with or without SIG) or number. */
export function signalNamed(text: string): Signal | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '')
  if (Object.hasOwn(signalNumbers, name)) return name as Signal
  const found = Object.entries(signalNumbers).find(([, number]) => String(number) === text)
  return found?.[0] as Signal | undefined
}
