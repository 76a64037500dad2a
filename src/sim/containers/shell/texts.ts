import type { ShellMemory } from './memory.ts'
import { parse } from './parser.ts'
import type { Flavour, Unit } from './syntax.ts'

/** Where a text is kept in memory, to which places in it refer. */
export function addText(memory: ShellMemory, text: string): number {
  const aliases = Object.keys(memory.aliases).length > 0 ? { ...memory.aliases } : undefined
  const wanted = JSON.stringify(aliases)
  for (const [id, known] of Object.entries(memory.texts))
    if (known.text === text && JSON.stringify(known.aliases) === wanted) return Number(id)
  if (Object.keys(memory.texts).length > 32) forgetTexts(memory)
  const id = memory.nextText++
  memory.texts[id] = { text, ...(aliases && { aliases }) }
  return id
}

function forgetTexts(memory: ShellMemory): void {
  const used = new Set([
    ...memory.frames.map(({ place }) => place.text),
    ...Object.values(memory.functions).map(({ text }) => text),
  ])
  for (const id of Object.keys(memory.texts)) if (!used.has(Number(id))) delete memory.texts[id]
}

const remembered = new Map<string, Map<string, Unit>>()
const textsAtMost = 1000

/** What a text says there: worked out once, since it depends on nothing else. */
export function unitOf(
  text: string,
  at: number,
  line: number,
  flavour: Flavour,
  aliases: Readonly<Record<string, string>> | undefined,
): Unit {
  let units = remembered.get(text)
  if (!units) {
    if (remembered.size >= textsAtMost) remembered.clear()
    remembered.set(text, (units = new Map()))
  }
  const key = `${flavour} ${at} ${line}${aliases ? JSON.stringify(aliases) : ''}`
  let unit = units.get(key)
  if (!unit) units.set(key, (unit = parse(text, at, line, flavour, aliases)))
  return unit
}
