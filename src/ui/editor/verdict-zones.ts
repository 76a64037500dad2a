import type { ApplyResult } from '../../bridge/protocol.ts'
import type { Verdict } from '../state/files-store.ts'
import { glyphs } from '../design/glyphs.ts'
import type { IconName } from '../design/Icon.tsx'
import { monaco } from './monaco.ts'

/** Words of the lens, already in the user's language. */
export interface VerdictWords {
  readonly created: string
  readonly configured: string
  readonly unchanged: string
  readonly refused: string
  readonly storedOnly: string
  readonly storedOnlyWhy: string
}

const looks: Readonly<Record<ApplyResult['result'], { icon: IconName; tone: string }>> = {
  created: { icon: 'ui-check', tone: 'c-ok' },
  configured: { icon: 'ui-check', tone: 'c-ok' },
  unchanged: { icon: 'ui-check', tone: 'faint' },
  refused: { icon: 's-error', tone: 'c-fail' },
}

type Editor = monaco.editor.IStandaloneCodeEditor

/** Marks what the API server said: a squiggle on each cause, a line above each document, the words below. */
export function showVerdict(
  editor: Editor,
  verdict: Verdict | undefined,
  words: VerdictWords,
  shown: string[],
): string[] {
  const model = editor.getModel()
  if (!model) return []
  monaco.editor.setModelMarkers(model, 'kubecosm', verdict ? markersOf(verdict, model, words) : [])
  const ids: string[] = []
  editor.changeViewZones((zones) => {
    for (const id of shown) zones.removeZone(id)
    // While typing, squiggles are enough: lines that come and go would move the text under the hands.
    if (!verdict || verdict.isCheck) return
    const lineCount = model.getLineCount()
    for (const result of verdict.results) {
      if (result.object !== '' || result.result !== 'refused') {
        ids.push(
          zones.addZone({
            afterLineNumber: Math.min(result.line, lineCount) - 1,
            heightInPx: 18,
            domNode: lens(result, words),
          }),
        )
      }
      for (const [line, messages] of messagesByLine(result)) {
        const domNode = errorBlock(messages, editor.getLayoutInfo().contentWidth)
        ids.push(zones.addZone({ afterLineNumber: Math.min(line, lineCount), heightInPx: heightOf(domNode), domNode }))
      }
    }
  })
  return ids
}

function markersOf(
  verdict: Verdict,
  model: monaco.editor.ITextModel,
  words: VerdictWords,
): monaco.editor.IMarkerData[] {
  return verdict.results.flatMap((result) => {
    const problems =
      result.problems.length > 0 || result.result !== 'refused'
        ? result.problems
        : [{ line: result.line, column: 1, endColumn: 0, message: result.message ?? '', severity: 'error' as const }]
    const marks = problems.map((problem) => {
      const line = Math.min(Math.max(1, problem.line), model.getLineCount())
      const maximum = model.getLineMaxColumn(line)
      return {
        severity: problem.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
        message: problem.message,
        startLineNumber: line,
        endLineNumber: line,
        startColumn: Math.min(problem.column, maximum),
        endColumn: problem.endColumn > problem.column ? Math.min(problem.endColumn, maximum) : maximum,
      }
    })
    if (!result.storedOnly) return marks
    const line = Math.min(Math.max(1, result.line), model.getLineCount())
    return [
      ...marks,
      {
        severity: monaco.MarkerSeverity.Hint,
        message: words.storedOnlyWhy,
        startLineNumber: line,
        endLineNumber: line,
        startColumn: 1,
        endColumn: model.getLineMaxColumn(line),
      },
    ]
  })
}

function messagesByLine(result: ApplyResult): Map<number, string[]> {
  const byLine = new Map<number, string[]>()
  if (result.result !== 'refused') return byLine
  const problems = result.problems.filter((problem) => problem.severity === 'error')
  const places = problems.length > 0 ? problems : [{ line: result.line, message: result.message ?? '' }]
  for (const { line, message } of places) byLine.set(line, [...(byLine.get(line) ?? []), message])
  return byLine
}

function lens(result: ApplyResult, words: VerdictWords): HTMLElement {
  const { icon, tone } = looks[result.result]
  const [, ...kindAndName] = result.object.split(' ')
  // Monaco sets how a zone itself is displayed.
  const zone = document.createElement('div')
  const line = zone.appendChild(document.createElement('div'))
  line.className = 'lens'
  line.append(iconElement(icon, tone), `${kindAndName.join(' ') || result.object} · ${words[result.result]}`)
  if (result.storedOnly && result.result !== 'refused') {
    const note = line.appendChild(document.createElement('span'))
    note.className = 'lens-note'
    note.title = words.storedOnlyWhy
    note.textContent = words.storedOnly
  }
  return zone
}

function errorBlock(messages: readonly string[], width: number): HTMLElement {
  const zone = document.createElement('div')
  zone.className = 'errzone'
  const block = document.createElement('div')
  block.className = 'errblock'
  // A zone is as wide as the longest line; the words should wrap where the eye is.
  block.style.width = `${Math.max(120, width - 24)}px`
  for (const message of messages) block.appendChild(document.createElement('div')).textContent = message
  zone.append(block)
  return zone
}

function iconElement(name: IconName, className: string): SVGElement {
  const [strokeWidth, inside] = glyphs[name]
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const attributes = {
    width: 11,
    height: 11,
    viewBox: '0 0 16 16',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': strokeWidth,
  }
  for (const [attribute, value] of Object.entries(attributes)) svg.setAttribute(attribute, String(value))
  svg.setAttribute('class', `ic ${className}`)
  svg.innerHTML = inside
  return svg
}

/** View zones have a fixed height, so the words are laid out once, out of sight. */
function heightOf(zone: HTMLElement): number {
  const probe = document.createElement('div')
  probe.className = 'errzone-probe'
  probe.append(zone.cloneNode(true))
  document.body.append(probe)
  const height = probe.offsetHeight
  probe.remove()
  return height
}
