import type { TFunction } from 'i18next'
import { examples } from '../../playground/examples/examples.ts'
import { openExample } from '../shell/open-example.ts'
import type { Language } from '../state/page-store.ts'
import type { Entry } from './entry.ts'
import { entry } from './entry.ts'

/** The gallery, found by title in either language and by what one learns. */
export function exampleEntries(t: TFunction, language: Language): Entry[] {
  return examples.map((example) =>
    entry({
      group: 'examples',
      icon: 'ui-book',
      title: example.title[language],
      detail: t('palette.example'),
      also: `${example.id} ${example.title.en} ${example.title.zh} ${example.lesson[language]}`,
      run: () => void openExample(example, example.title[language]),
    }),
  )
}
