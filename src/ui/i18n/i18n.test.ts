import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

type Tree = { [key: string]: string | Tree }

/** Files below a folder whose path the pattern fits. */
function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => pattern.test(file))
}

/** `{a: {b: 'x'}}` → `[['a.b', 'x']]`. */
function flatten(tree: Tree, prefix: string): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}.${key}`, value]] : flatten(value, `${prefix}.${key}`),
  )
}

function stringsOf(language: string): Map<string, string> {
  const files = filesIn(`src/ui/i18n/${language}`, /\.json$/)
  return new Map(
    files.flatMap((file) => flatten(JSON.parse(readFileSync(file, 'utf8')) as Tree, basename(file, '.json'))),
  )
}

const english = stringsOf('en')
const chinese = stringsOf('zh')
const areas = [...new Set([...english.keys()].map((key) => key.split('.')[0]))]

/** English has `_one` and `_other`, Chinese only `_other`: the key that code uses is the one without. */
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const distinct = (keys: Iterable<string>) => new Set([...keys].map(withoutPlural))

const code = [...filesIn('src/ui', /\.tsx?$/), ...filesIn('src/kinds', /\.tsx$/)]
  .filter((file) => !/\.test\.tsx?$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

// A key is any string literal that begins with an area, unless it is itself a property's name; a template literal uses every key it may become.
const literals = new Set([...code.matchAll(/['"`]([a-z][a-zA-Z]*(?:\.[\w-]+)+)['"`](?!:)/g)].map((match) => match[1]))
const prefixes = [...code.matchAll(/`([a-z][a-zA-Z]*\.[\w.-]*)\$\{/g)].map((match) => match[1])
const usedKeys = [...literals].filter(
  (key) => areas.includes(key.split('.')[0]) && !/\.(json|ts|tsx|css|js|yaml)$/.test(key),
)

const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).sort()

test('there are strings at all', () => {
  expect(english.size).toBeGreaterThan(50)
  expect(usedKeys.length).toBeGreaterThan(50)
})

test('every English string has a Chinese one, and no other way round', () => {
  expect([...distinct(english.keys())].filter((key) => !distinct(chinese.keys()).has(key))).toEqual([])
  expect([...distinct(chinese.keys())].filter((key) => !distinct(english.keys()).has(key))).toEqual([])
})

test('every key used in code exists', () => {
  expect(usedKeys.filter((key) => !distinct(english.keys()).has(key))).toEqual([])
  expect(
    prefixes.filter(
      (prefix) => areas.includes(prefix.split('.')[0]) && ![...english.keys()].some((key) => key.startsWith(prefix)),
    ),
  ).toEqual([])
})

test('no string is unused', () => {
  const isUsed = (key: string) => literals.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
  expect([...distinct(english.keys())].filter((key) => !isUsed(key))).toEqual([])
})

test('a plural has one and other in English, other in Chinese', () => {
  const lacking = [...english.keys()]
    .filter((key) => key.endsWith('_one'))
    .map(withoutPlural)
    .filter((key) => !english.has(`${key}_other`) || !chinese.has(`${key}_other`))
  expect(lacking).toEqual([])
})

test('both languages fill in the same placeholders', () => {
  const differing = [...english]
    .filter(([key]) => chinese.has(key))
    .filter(([key, text]) => placeholders(text).join() !== placeholders(chinese.get(key) ?? '').join())
    .map(([key]) => key)
  expect(differing).toEqual([])
})
