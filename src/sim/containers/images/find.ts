import { fnv1a } from '../../../lib/fnv1a.ts'
import { catalogue } from './catalogue.ts'
import type { Entry } from './entry.ts'
import type { Image, Images } from './image.ts'
import { rootOf } from './roots.ts'
import { type Entries, type Entry as TreeEntry, treeWith } from './tree.ts'

const mebibyte = 1024 * 1024
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Lines by the last part of a name: those that want more of it come first. */
const byName = new Map<string, { readonly suffix: string; readonly entry: Entry }[]>()
for (const entry of catalogue)
  for (const name of entry.names.split(' ')) {
    const last = name.slice(name.lastIndexOf('/') + 1)
    const list = byName.get(last) ?? byName.set(last, []).get(last)!
    const one = { suffix: name, entry }
    if (name.includes('/')) list.unshift(one)
    else list.push(one)
  }

/** The line of an image's name: any registry, any tag. */
function entryOf(name: string): Entry | undefined {
  const plain = name.split('@')[0]!
  const slash = plain.lastIndexOf('/')
  const colon = plain.indexOf(':', slash)
  const repository = colon < 0 ? plain : plain.slice(0, colon)
  const found = byName.get(repository.slice(slash + 1))
  return found?.find(
    ({ suffix }) => repository === suffix || repository.endsWith(`/${suffix}`) || !suffix.includes('/'),
  )?.entry
}

function imageOf(entry: Entry, tools: readonly string[]): Image {
  const { on, sizeMiB, run = '', script, entry: isEntry, has = '', files = {}, env, user, cwd, stop } = entry
  const words = run
    .split(' ')
    .filter(Boolean)
    .map((word) => word.replaceAll('%20', ' '))
  const programs: Record<string, TreeEntry> = {}
  const put = (one: string) => {
    const [name, program = name] = one.split('=') as [string, string?]
    programs[name.startsWith('/') ? name : `/usr/local/bin/${name}`] = { program: program.split('/').at(-1)! }
  }
  const [first] = words
  const shells = ['sh', 'bash', '/bin/sh', '/bin/bash']
  if (first && !shells.includes(first) && !first.includes('/')) put(first)
  if (first?.startsWith('/') && !shells.includes(first)) put(first)
  for (const one of has.split(' ').filter(Boolean)) put(one)
  if (script) programs[script] = { program: `entry:${first}` }
  const all: Entries = { ...programs, ...(cwd && { [cwd]: { directory: 0o755 } }), ...files }
  const below = rootOf(on, tools)
  return {
    ...(script
      ? { entrypoint: [script], cmd: words }
      : isEntry
        ? { entrypoint: words.slice(0, 1), cmd: words.slice(1) }
        : { cmd: words }),
    env: { PATH: path, ...env },
    ...(user && { user }),
    ...(cwd && { workingDir: cwd }),
    ...(stop && { stopSignal: stop }),
    sizeBytes: Math.round(sizeMiB * mebibyte),
    root: treeWith(below, all),
  }
}

/**
 * All images that there are. Of the well-known ones the catalogue tells; any other has a shell and tools, and what it
 * holds besides is taken to be a server, or whatever it is called as.
 */
export function catalogueImages(tools: readonly string[]): Images {
  const made = new Map<Entry, Image>()
  const unknown = new Map<string, Image>()
  return {
    find(name) {
      const entry = entryOf(name)
      if (entry) {
        let image = made.get(entry)
        if (!image) made.set(entry, (image = imageOf(entry, tools)))
        return image
      }
      let image = unknown.get(name)
      if (!image) {
        if (unknown.size >= 1000) unknown.clear()
        image = {
          entrypoint: ['/entrypoint'],
          env: { PATH: path },
          sizeBytes: (20 + (fnv1a(name) % 120)) * mebibyte,
          root: rootOf('unknown', tools),
          unknownProgram: 'unknown',
        }
        unknown.set(name, image)
      }
      return image
    },
  }
}
