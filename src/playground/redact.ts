import type { Alias, Document, Node, Pair, Scalar, YAMLMap } from 'yaml'
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, parseAllDocuments, visit } from 'yaml'
import type { Action, Playground } from './model.ts'

/** What stands where a Secret's value was: readable in stringData, its base64 in data. */
export const leftOut = 'left-out'
const leftOutBase64 = 'bGVmdC1vdXQ='

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

interface Cut {
  readonly from: number
  readonly to: number
  readonly replacement: string
}

/** Does any manifest or action of this playground hold a Secret's values? */
export function holdsSecrets(playground: Playground): boolean {
  return withoutSecrets(playground) !== playground
}

/** The playground without the values of its Secrets, in files and in journalled actions; the same one if it has none. */
export function withoutSecrets(playground: Playground): Playground {
  const files = playground.files.map((file) => {
    const text = redactManifest(file.text)
    return text === file.text ? file : { ...file, text }
  })
  const journal = playground.journal.map((entry) => {
    const action = redactAction(entry.action)
    return action === entry.action ? entry : { ...entry, action }
  })
  const isSame =
    files.every((file, i) => file === playground.files[i]) &&
    journal.every((entry, i) => entry === playground.journal[i])
  return isSame ? playground : { ...playground, files, journal }
}

function redactAction(action: Action): Action {
  if (action.type === 'apply') {
    const text = redactManifest(action.text)
    return text === action.text ? action : { ...action, text }
  }
  if (action.type === 'request') return redactRequest(action)
  if (action.type !== 'replace') return action
  // YAML reads JSON, so an object goes the same way as a manifest.
  const before = JSON.stringify(action.object)
  const after = redactManifest(before)
  return after === before ? action : { ...action, object: JSON.parse(after) }
}

/** A patch of a Secret does not say that it is one, but its path does. */
function redactRequest(action: Extract<Action, { type: 'request' }>): Action {
  if (!action.body) return action
  const isOfSecret = /\/secrets(\/|\?|$)/.test(action.path)
  const body = isOfSecret && !action.body.includes('Secret') ? '{}' : redactManifest(action.body)
  return body === action.body ? action : { ...action, body }
}

/** A manifest without the values of its Secrets; everything else, comments included, stays as it was written. */
export function redactManifest(text: string): string {
  if (!text.includes('Secret')) return text
  const cuts = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: 'silent' }).flatMap((document) =>
    cutsOf(document as Document, text),
  )
  return cuts
    .sort((a, b) => b.from - a.from)
    .reduce((result, cut) => result.slice(0, cut.from) + cut.replacement + result.slice(cut.to), text)
}

function cutsOf(document: Document, text: string): Cut[] {
  const [from, , to] = document.range ?? [0, 0, text.length]
  // What cannot be read cannot be searched for values either, so it goes as a whole.
  if (document.errors.length > 0 && text.slice(from, to).includes('Secret')) {
    return [{ from, to, replacement: `# ${leftOut}: a document that cannot be read and may hold a Secret\n` }]
  }
  const cuts = new Map<number, Cut>()
  visit(document, {
    Map(_, map) {
      const kind = map.get('kind')
      if (kind === 'Secret') cutSecret(map, document, text, cuts)
      if (kind === 'SecretList') for (const item of itemsOf(map)) cutSecret(item, document, text, cuts)
    },
  })
  return [...cuts.values()]
}

function itemsOf(list: YAMLMap): YAMLMap[] {
  const items = list.get('items')
  return isSeq(items) ? items.items.filter(isMap) : []
}

function cutSecret(secret: YAMLMap, document: Document, text: string, cuts: Map<number, Cut>): void {
  for (const pair of secret.items) {
    const name = isScalar(pair.key) ? pair.key.value : pair.key
    if (name === 'data' || name === '<<') cutValues(pair.value as Node | null, document, text, leftOutBase64, cuts)
    if (name === 'stringData') cutValues(pair.value as Node | null, document, text, leftOut, cuts)
  }
  const metadata = secret.get('metadata')
  const annotations = isMap(metadata) ? metadata.get('annotations') : undefined
  const applied = isMap(annotations)
    ? annotations.items.find((pair) => isScalar(pair.key) && pair.key.value === lastApplied)
    : undefined
  if (applied) cutValues(applied.value as Node | null, document, text, '"{}"', cuts)
}

/** Cuts every scalar below a node, also where an alias says that it is written elsewhere. */
function cutValues(
  node: Node | Pair | null,
  document: Document,
  text: string,
  replacement: string,
  cuts: Map<number, Cut>,
  depth = 0,
): void {
  // Aliases may form a loop.
  if (!node || depth > 50) return
  if (isAlias(node))
    return cutValues((node as Alias).resolve(document) ?? null, document, text, replacement, cuts, depth + 1)
  if (isPair(node)) return cutValues(node.value as Node | null, document, text, replacement, cuts, depth + 1)
  if (isCollection(node))
    return node.items.forEach((item) => cutValues(item as Node | Pair, document, text, replacement, cuts, depth + 1))
  const range = (node as Scalar).range
  if (!range) return
  const source = text.slice(range[0], range[1])
  if (source.trim() === '') return
  // A block scalar ends with its line; a JSON string has to stay one.
  const quoted = source.startsWith('"') && !replacement.startsWith('"') ? `"${replacement}"` : replacement
  cuts.set(range[0], { from: range[0], to: range[1], replacement: source.endsWith('\n') ? `${quoted}\n` : quoted })
}
