import type { YamlError } from '../../../machinery/yaml.ts'

/** Where Go's reader stops: its scanner counts lines from one, its parser from zero. */
type Stage = 'scanner' | 'parser' | 'nowhere'

/** `yaml: line 2: mapping values are not allowed in this context`: Go's words for what our YAML reader found. */
export function goYamlError(error: YamlError, text: string): string {
  const [stage, words, line = error.line] = verdict(error, text)
  const shown = stage === 'scanner' ? line : line - 1
  const isFirst = line <= 1
  return `yaml: ${stage === 'nowhere' || isFirst ? '' : `line ${shown}: `}${words}`
}

const mappingValues = 'mapping values are not allowed in this context'
const noToken = 'found character that cannot start any token'

function verdict({ message, line, column }: YamlError, text: string): readonly [Stage, string, number?] {
  const lines = text.split('\n')
  const source = lines[line - 1] ?? ''
  const character = source[column - 1] ?? ''
  const alias = /^unidentified alias "([^"]*)"/.exec(message)
  if (alias) return ['nowhere', `unknown anchor '${alias[1]}' referenced`]
  if (message.includes('maxDepth')) return ['nowhere', 'exceeded max depth of 10000']
  if (message.includes('tab characters') || '@`%'.includes(character || ' ')) return ['scanner', noToken]
  if (message.startsWith('unknown escape')) return ['scanner', 'found unknown escape character']
  if (message.startsWith("expected ':'")) return ['scanner', "could not find expected ':'"]
  if (message.includes('quoted scalar') || (message === 'deficient indentation' && isInQuotes(lines, line)))
    return ['scanner', 'found unexpected end of stream', lines.length]
  if (message === 'deficient indentation' || message.includes('flow'))
    return ['parser', `did not find expected ',' or '${lastOpened(lines, line)}'`]
  if (character === ':') return ['scanner', mappingValues]
  if (message.startsWith('bad indentation')) {
    if (']},'.includes(character)) return ['parser', 'did not find expected node content']
    return source.slice(0, column - 1).trim() === ''
      ? ['parser', 'did not find expected key']
      : ['scanner', mappingValues]
  }
  if (message.startsWith('end of the stream')) {
    if (!']}'.includes(character || ' ') && (source.includes(': ') || source.endsWith(':'))) {
      const isList = /^(---)?\s*- /.test(text)
      return isList ? ['parser', "did not find expected '-' indicator"] : ['scanner', mappingValues]
    }
    return ['parser', 'did not find expected <document start>']
  }
  return ['scanner', message]
}

/** Does a double or single quote stay open before this line? */
function isInQuotes(lines: readonly string[], line: number): boolean {
  const before = lines[line - 2] ?? ''
  const count = (quote: string) => before.split(quote).length - 1
  return count('"') % 2 === 1 || (count('"') === 0 && count("'") % 2 === 1)
}

function lastOpened(lines: readonly string[], line: number): string {
  const before = lines.slice(0, line).join('\n')
  return before.lastIndexOf('[') > before.lastIndexOf('{') ? ']' : '}'
}
