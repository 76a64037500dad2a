import type { IconName } from '../design/Icon.tsx'
import type { Searchable } from './search.ts'

export type PaletteGroup = 'do' | 'goto' | 'examples' | 'settings'

/** A line of the palette. */
export interface Entry extends Searchable {
  readonly id: string
  readonly group: PaletteGroup
  readonly icon: IconName
  /** What is done, before the name of what it is done to. */
  readonly verb?: string
  readonly title: string
  /** At the end of the line. */
  readonly detail?: string
  readonly keys?: readonly string[]
  readonly run: () => void
}

type Given = Omit<Entry, 'name' | 'words' | 'id'> & { readonly also?: string }

/** An entry that is found by its words, and by what else people call it. */
export function entry({ also = '', ...given }: Given): Entry {
  const { group, verb = '', title, detail = '' } = given
  const name = title.toLowerCase()
  return {
    ...given,
    id: `${group} ${verb} ${title} ${detail}`,
    name: verb ? `${verb} ${name}`.toLowerCase() : name,
    words: `${verb} ${title} ${detail} ${also}`.toLowerCase(),
  }
}
