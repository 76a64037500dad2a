import { readFileSync, writeFileSync } from 'node:fs'
import { apiVersionOf, type Kind } from '../src/kinds/kind.ts'
import { kindVersions } from '../src/kinds/registry.ts'

const file = 'docs/support.md'

/** The table of all kinds that are served, as docs/support.md has it. */
export function supportTable(kinds: readonly Kind[] = kindVersions): string {
  const rows = [...kinds]
    .sort((a, b) => compare(a.group, b.group) || compare(a.kind, b.kind) || compare(b.version, a.version))
    .map((kind) => {
      const support = kind.support === 'full' ? 'simulated' : 'stored only'
      const scope = kind.namespaced ? 'namespace' : 'cluster'
      return `| ${kind.kind} | ${apiVersionOf(kind)} | ${scope} | ${support} | ${kind.subresources.join(', ')} |`
    })
  const simulated = kinds.filter((kind) => kind.support === 'full').length
  return `# Support

Every kind that Kubernetes 1.36 serves by default is stored, defaulted, validated, printed and watched as its API server
does it: ${kinds.length} kinds and versions. Of these, ${simulated} are *simulated*: some part of the cluster acts on them. The others are *stored
only*: they can be created, changed and read, and nothing follows from them; the editor says so when one is applied.
Custom resources are served once their CustomResourceDefinition is there.

This page is generated: \`npm run support\`.

| kind | version | scope | support | subresources |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

if (process.argv[1]?.includes('support-table')) {
  const table = supportTable()
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== table) {
      console.error(`${file} is out of date: run npm run support`)
      process.exitCode = 1
    }
  } else writeFileSync(file, table)
}
