import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../state/page-store.ts'

/** One file per area of the page; its name is the first part of its keys: `shell.json` holds `shell.share`. */
type Area = { default: Record<string, unknown> }

/** What only a lazy part of the page says comes with that part: `loadAreas`. */
const english = import.meta.glob<Area>(['./en/*.json', '!./en/explain.json', '!./en/inspect.json'], { eager: true })
const lazyEnglish = new Map(
  Object.entries(import.meta.glob<Area>(['./en/explain.json', './en/inspect.json', './en/late/*.json'])).map(
    ([path, load]) => [areaOf(path), load],
  ),
)
const chinese = import.meta.glob<Area>('./zh/*.json')

function areaOf(path: string): string {
  return path.replace(/^.*\/|\.json$/g, '')
}

/** Loads the language and switches to it. English is always there, as what is fallen back to. */
export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.isInitialized) await initialize()
  if (language === 'zh' && !i18next.hasResourceBundle('zh', 'translation')) {
    const areas = await Promise.all(
      Object.entries(chinese).map(async ([path, load]) => [areaOf(path), (await load()).default] as const),
    )
    i18next.addResourceBundle('zh', 'translation', Object.fromEntries(areas))
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

/** Brings the English words of areas that do not come with the page; those of other languages come as a whole. */
export async function loadAreas(...names: readonly string[]): Promise<void> {
  const areas = await Promise.all(names.map(async (name) => [name, (await lazyEnglish.get(name)!()).default] as const))
  i18next.addResourceBundle('en', 'translation', Object.fromEntries(areas), true)
}

async function initialize(): Promise<void> {
  const translation = Object.fromEntries(Object.entries(english).map(([path, area]) => [areaOf(path), area.default]))
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  })
}
