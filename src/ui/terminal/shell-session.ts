import i18next from 'i18next'
import { act, onTerminal } from '../state/session.ts'
import type { Screen } from './screen.ts'
import type { OpenTerminal } from './terminal-store.ts'

const bytesOf = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))
const pieceLength = 4_000

/** Joins a screen to a program in a container. Returns how to part them. */
export function startShell(
  { terminal }: Screen,
  id: string,
  { namespace, pod, container, command }: NonNullable<OpenTerminal['shell']>,
): () => void {
  let isOver = false
  const where = { type: 'terminal', session: id, namespace, pod, container } as const
  const say = (words: string) => terminal.write(`\r\n\x1b[90m${words.replace(/[^\P{Cc}]/gu, ' ')}\x1b[0m\r\n`)
  const over = (words: string) => {
    if (isOver) return
    isOver = true
    say(words)
  }
  const stopHearing = onTerminal(({ session, output, end }) => {
    if (session !== id) return
    if (output !== '') terminal.write(Uint8Array.from(output, (character) => character.charCodeAt(0)))
    if (end) terminal.write('', () => over(end.failure ?? i18next.t('terminal.ended', { code: end.exitCode })))
  })
  const open = { do: 'open', command, columns: terminal.cols, rows: terminal.rows } as const
  void act({ ...where, input: open }).then((result) => {
    if (!result.ok) over(result.message ?? '')
  })
  const typed = terminal.onData((text) => {
    if (isOver) return
    const bytes = bytesOf(text)
    // A long paste in pieces, as a terminal's line takes it.
    for (let at = 0; at < bytes.length; at += pieceLength) {
      const input = { do: 'write', text: bytes.slice(at, at + pieceLength) } as const
      void act({ ...where, input }).then((result) => {
        if (!result.ok) over(result.message ?? '')
      })
    }
  })
  const resized = terminal.onResize(({ cols, rows }) => {
    if (!isOver) void act({ ...where, input: { do: 'resize', columns: cols, rows } })
  })
  return () => {
    stopHearing()
    typed.dispose()
    resized.dispose()
    if (!isOver) void act({ ...where, input: { do: 'close' } })
  }
}
