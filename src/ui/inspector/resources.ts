import type { IconName } from '../design/Icon.tsx'
import { glyphs } from '../design/glyphs.ts'

/** The resource of a kind by its name, as references (owners, involved objects) give it. */
export function resourceOfKind(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/')
  const plural = pluralOf(kind.toLowerCase())
  return slash < 0 ? plural : `${plural}.${apiVersion.slice(0, slash)}`
}

function pluralOf(singular: string): string {
  if (singular === 'endpoints') return singular
  if (/(s|x|ch)$/.test(singular)) return `${singular}es`
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`
  return `${singular}s`
}

const aliases: Readonly<Record<string, IconName>> = {
  persistentvolumeclaim: 'pvc',
  persistentvolume: 'pv',
  horizontalpodautoscaler: 'hpa',
  poddisruptionbudget: 'pdb',
  clusterrole: 'role',
  clusterrolebinding: 'rolebinding',
  customresourcedefinition: 'crd',
}

/** The outline of a kind; a file for one that has none. */
export function iconOfKind(kind: string): IconName {
  const name = kind.toLowerCase()
  if (aliases[name]) return aliases[name]
  return name in glyphs ? (name as IconName) : 'ui-file'
}

/** The outline of `deployments.apps`. */
export function iconOfResource(resource: string): IconName {
  const plural = resource.split('.')[0]!
  const singular = plural.endsWith('ies')
    ? `${plural.slice(0, -3)}y`
    : /(ss|x|ch)es$/.test(plural)
      ? plural.slice(0, -2)
      : plural.slice(0, -1)
  return iconOfKind(singular)
}
