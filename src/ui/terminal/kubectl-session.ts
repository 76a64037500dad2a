import i18next from 'i18next'
import { clusterStore } from '../state/cluster-store.ts'
import { applyFiles, useFiles } from '../state/files-store.ts'
import { act, request } from '../state/session.ts'
import type { Surroundings } from './kubectl/api.ts'
import { Api } from './kubectl/api.ts'
import { completionsOf } from './kubectl/complete.ts'
import { runLine } from './kubectl/run.ts'
import { keysOf, LineEditor } from './line-editor.ts'
import type { Screen } from './screen.ts'
import { openShell } from './terminal-store.ts'

const prompt = '$ '

/** A prompt at which kubectl's commands are typed. Returns how to end it. */
export function startKubectl({ terminal }: Screen): () => void {
  const editor = new LineEditor(
    {
      write: (text) => terminal.write(text),
      get cols() {
        return terminal.cols
      },
    },
    prompt,
  )
  let running: AbortController | undefined
  const waiting: string[] = []
  let isTaking = false
  // What the cluster holds is text: nothing in it may move the cursor or colour the screen.
  const print = (text: string) => terminal.write(`${cleanText(text).replaceAll('\n', '\r\n')}\r\n`)
  const apiFor = (signal: AbortSignal) => new Api(surroundings(print, signal))
  const idle = apiFor(new AbortController().signal)

  async function run(line: string): Promise<void> {
    if (line.trim() === 'clear') {
      terminal.clear()
      return
    }
    running = new AbortController()
    await runLine(apiFor(running.signal), line)
    running = undefined
  }

  async function take(data: string): Promise<void> {
    waiting.push(...keysOf(data))
    // Only an interruption is heard while a command runs; the rest waits its turn.
    if (running && data.includes('\x03')) {
      terminal.write('^C\r\n')
      waiting.length = 0
      running.abort()
    }
    if (isTaking) return
    isTaking = true
    while (waiting.length > 0) await key(waiting.shift()!)
    isTaking = false
  }

  async function key(pressed: string): Promise<void> {
    if (pressed === '\r' || pressed === '\n') {
      await run(editor.end())
      editor.begin()
    } else if (pressed === '\x03') {
      terminal.write('^C\r\n')
      editor.begin()
    } else if (pressed === '\x0c') {
      terminal.clear()
      editor.draw()
    } else if (pressed === '\t') await complete()
    else if (!editor.key(pressed) && pressed >= ' ') editor.insert(pressed)
  }

  async function complete(): Promise<void> {
    const { word, options } = await completionsOf(idle, editor.beforeCursor).catch(() => ({ word: '', options: [] }))
    const shared = sharedPrefix(options)
    if (options.length === 0) return
    if (shared.length > word.length || options.length === 1)
      return editor.insert(shared.slice(word.length) + (options.length === 1 && !shared.endsWith('/') ? ' ' : ''))
    terminal.write('\r\n')
    const shown = options.slice(0, 60)
    print(`${shown.join('  ')}${options.length > shown.length ? `  … ${options.length - shown.length}` : ''}`)
    editor.moved()
    editor.draw()
  }

  terminal.write(`\x1b[90m${i18next.t('terminal.welcome')}\x1b[0m\r\n`)
  editor.begin()
  const typed = terminal.onData((data) => void take(data))
  const resized = terminal.onResize(() => editor.moved())
  return () => {
    running?.abort()
    typed.dispose()
    resized.dispose()
  }
}

function surroundings(print: (text: string) => void, signal: AbortSignal): Surroundings {
  return {
    print,
    signal,
    http: (method, path, options = {}) => request<'http'>({ type: 'http', method, path, ...options }),
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      }),
    now: () => {
      const { epoch, now } = clusterStore.getState().clock
      return epoch + now
    },
    files: () => useFiles.getState().files,
    apply: async (file, namespace) => {
      if (namespace === undefined) return applyFiles([file])
      const text = useFiles.getState().files.find(({ name }) => name === file)?.text ?? ''
      const { results, message } = await act({ type: 'apply', file, text, namespace })
      return results ?? [{ object: '', result: 'refused', ...(message && { message }) }]
    },
    drain: (name) => act({ type: 'drain', name }),
    openShell: (namespace, pod, container, command) => openShell(namespace, pod, container, command),
    names: (resource, namespace) => {
      const keys = clusterStore.getState().resources[resource]?.keys ?? []
      return keys.flatMap((key) => {
        const slash = key.indexOf('/')
        return namespace === undefined || key.slice(0, slash) === namespace ? [key.slice(slash + 1)] : []
      })
    },
  }
}

/** Without control characters: what the cluster holds is shown, never obeyed. */
export function cleanText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

function sharedPrefix(options: readonly string[]): string {
  let shared = options[0] ?? ''
  for (const each of options) while (!each.startsWith(shared)) shared = shared.slice(0, -1)
  return shared
}
