import * as monaco from 'monaco-editor/editor.js'
import 'monaco-editor/features/register.all.js'
import 'monaco-editor/languages/definitions/yaml/register.js'
import { configureMonacoYaml } from 'monaco-yaml'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'
import YamlWorker from './yaml.worker.ts?worker'
import { clusterStore } from '../state/cluster-store.ts'
import { customKinds } from './crd-schemas.ts'
import { kubernetesSchema } from './kubernetes-schema.ts'

self.MonacoEnvironment = { getWorker: (_, label) => (label === 'yaml' ? new YamlWorker() : new EditorWorker()) }

const options = {
  enableSchemaRequest: false,
  isKubernetes: true,
  // The API server itself says what is wrong with a document; two sets of marks would only differ.
  validate: false,
  yamlVersion: '1.1' as const,
  schemas: [{ fileMatch: ['*'], uri: 'kubecosm://kubernetes-1.36', schema: kubernetesSchema() }],
}
const yaml = configureMonacoYaml(monaco as never, options)

const definitions = 'customresourcedefinitions.apiextensions.k8s.io'
let known = ''

/** Completion and hover know the kinds that the cluster's CustomResourceDefinitions add. Returns how to stop. */
export function followDefinitions(): () => void {
  const look = (table = clusterStore.getState().resources[definitions]) => {
    const found = [...(table?.byKey.values() ?? [])]
    const versions = found.map(({ metadata }) => `${metadata.uid} ${metadata.generation}`).join()
    // To tell the worker means to start it anew.
    if (versions === known) return
    known = versions
    const schema = kubernetesSchema(customKinds(found))
    void yaml.update({ ...options, schemas: [{ ...options.schemas[0]!, schema }] })
  }
  look()
  return clusterStore.subscribe((state, previous) => {
    if (state.resources[definitions] !== previous.resources[definitions]) look()
  })
}

/** Makes Monaco's theme out of the page's tokens, as they are now. */
export function followTokens(base: 'vs' | 'vs-dark'): void {
  const tokens = getComputedStyle(document.documentElement)
  const token = (name: string) => tokens.getPropertyValue(`--${name}`).trim()
  const ink = (name: string) => token(name).replace('#', '')
  monaco.editor.defineTheme('kubecosm', {
    base,
    inherit: true,
    rules: [
      { token: '', foreground: ink('text') },
      { token: 'type', foreground: ink('sx-key') },
      { token: 'string', foreground: ink('sx-str') },
      { token: 'number', foreground: ink('sx-num') },
      { token: 'keyword', foreground: ink('sx-kw') },
      { token: 'operators', foreground: ink('sx-punct') },
      { token: 'delimiter', foreground: ink('sx-punct') },
      { token: 'tag', foreground: ink('sx-kw') },
      { token: 'comment', foreground: ink('sx-comment') },
    ],
    colors: {
      'editor.background': token('panel'),
      'editor.foreground': token('text'),
      'editorLineNumber.foreground': token('text-3'),
      'editorLineNumber.activeForeground': token('text'),
      'editor.lineHighlightBackground': token('raised'),
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': `${token('accent')}40`,
      'editorCursor.foreground': token('accent'),
      'editorIndentGuide.background1': token('line'),
      'editorIndentGuide.activeBackground1': token('line-2'),
      'editorWidget.background': token('card'),
      'editorWidget.border': token('line-2'),
      'editorSuggestWidget.background': token('card'),
      'editorSuggestWidget.foreground': token('text'),
      'editorSuggestWidget.border': token('line-2'),
      'editorSuggestWidget.selectedBackground': token('raised'),
      'editorSuggestWidget.selectedForeground': token('text'),
      'editorSuggestWidget.selectedIconForeground': token('text'),
      'editorSuggestWidget.highlightForeground': token('accent'),
      'editorSuggestWidget.focusHighlightForeground': token('accent'),
      'list.hoverBackground': token('raised'),
      'editorHoverWidget.background': token('card'),
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, token('sx-punct')]),
      ),
      'diffEditor.insertedLineBackground': `${token('ok')}14`,
      'diffEditor.insertedTextBackground': `${token('ok')}26`,
      'diffEditor.removedLineBackground': `${token('fail')}14`,
      'diffEditor.removedTextBackground': `${token('fail')}26`,
      'diffEditor.diagonalFill': token('line'),
      'diffEditor.unchangedRegionBackground': token('card'),
      'diffEditor.unchangedRegionForeground': token('text-3'),
      'diffEditor.unchangedCodeBackground': '#00000000',
      'editorGutter.background': token('panel'),
      'editorActionList.background': token('card'),
      'editorActionList.foreground': token('text'),
      'editorActionList.focusBackground': token('raised'),
      'editorActionList.focusForeground': token('text'),
      'editorLightBulb.foreground': token('wait'),
      'editorLightBulbAutoFix.foreground': token('wait'),
      'editorInfo.foreground': token('accent'),
      'editorHint.foreground': token('text-3'),
      'editorError.foreground': token('fail'),
      'editorWarning.foreground': token('warn'),
      'input.background': token('inset'),
      focusBorder: token('accent'),
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': `${token('line-3')}44`,
      'scrollbarSlider.hoverBackground': `${token('line-3')}77`,
      'scrollbarSlider.activeBackground': `${token('line-3')}99`,
    },
  })
  monaco.editor.setTheme('kubecosm')
}

export { monaco }
