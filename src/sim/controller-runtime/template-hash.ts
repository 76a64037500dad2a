import { fnv1a } from '../../lib/fnv1a.ts'

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A short name for a pod template, the same for equal ones. Upstream hashes Go's dump of it with FNV-1a, too. */
export function templateHash(template: unknown, collisionCount: number | undefined): string {
  const text = JSON.stringify(template) + (collisionCount ?? '')
  return [...String(fnv1a(text))].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('')
}
