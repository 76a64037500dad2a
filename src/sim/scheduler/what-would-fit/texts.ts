import type { Edit, EditKind } from './edit.ts'

/** What each kind of edit is called; `{path}`, `{from}` and `{to}` are filled in. The only place with words for people. */
export const editTexts: Readonly<Record<EditKind, string>> = {
  lowerRequest: 'lower {path} from {from} to {to}',
  tolerate: 'tolerate the taint {to}',
  dropNodeSelector: 'drop {path} ({from})',
  widenNodeAffinity: 'widen {path} from {from} to {to}',
  dropNodeAffinity: 'drop {path}',
  relaxSpread: 'let {path} be {to} instead of {from}',
  dropSpread: 'drop {path}',
  dropPodAffinity: 'drop {path}',
  dropPodAntiAffinity: 'drop {path}',
  freeHostPort: 'drop {path} ({from})',
  leaveHostNetwork: "leave the node's network: drop {path}",
  dropNodeName: 'drop {path} ({from})',
  removeGates: 'remove {path}',
  addNode: 'add a node like {path} with {to}',
}

/** An edit in words. `texts` in another language take the place of the English ones. */
export function editText(edit: Edit, texts: Readonly<Record<EditKind, string>> = editTexts): string {
  const values: Record<string, string> = { path: edit.path, from: shown(edit.from), to: shown(edit.to) }
  return texts[edit.kind].replace(/\{(path|from|to)\}/g, (_all, name: string) => values[name]!)
}

function shown(value: any): string {
  if (value === undefined) return 'nothing'
  if (typeof value !== 'object') return String(value)
  if (value.effect && value.key) return `${value.key}${value.value ? `=${value.value}` : ''}:${value.effect}`
  return JSON.stringify(value)
}
