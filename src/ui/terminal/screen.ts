import { FitAddon } from '@xterm/addon-fit'
import type { ITheme } from '@xterm/xterm'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'

/** A terminal's screen: it keeps what is on it while it is not shown. */
export interface Screen {
  readonly terminal: Terminal
  /** Shows it in an element, as large as that. Returns how to take it out again. */
  show(element: HTMLElement): () => void
  dispose(): void
}

const screens = new Map<string, Screen>()

/** The screen of a terminal; made, and handed to `begin`, when it is first asked for. */
export function screenOf(id: string, begin: (screen: Screen) => () => void): Screen {
  const known = screens.get(id)
  if (known) return known
  const terminal = new Terminal({
    fontFamily: '"JetBrains Mono", ui-monospace, monospace',
    fontSize: 12,
    lineHeight: 1.25,
    cursorBlink: false,
    scrollback: 5_000,
    // What is written is also there for screen readers, line by line.
    screenReaderMode: true,
    theme: themeOfTokens(),
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  let end: () => void = () => undefined
  const screen: Screen = {
    terminal,
    show(element) {
      if (terminal.element) element.append(terminal.element)
      else {
        terminal.open(element)
        fit.fit()
        end = begin(screen)
      }
      const observer = new ResizeObserver(() => element.clientHeight > 0 && fit.fit())
      observer.observe(element)
      terminal.focus()
      return () => {
        observer.disconnect()
        terminal.element?.remove()
      }
    },
    dispose() {
      screens.delete(id)
      end()
      terminal.dispose()
    },
  }
  screens.set(id, screen)
  return screen
}

/** Forgets a terminal's screen. */
export function disposeScreen(id: string): void {
  screens.get(id)?.dispose()
}

/** All screens take the page's colours, as they are now. */
export function repaintScreens(): void {
  for (const { terminal } of screens.values()) terminal.options.theme = themeOfTokens()
}

function themeOfTokens(): ITheme {
  const tokens = getComputedStyle(document.documentElement)
  const token = (name: string) => tokens.getPropertyValue(`--${name}`).trim()
  const bright = {
    brightBlack: token('text-3'),
    brightRed: token('fail'),
    brightGreen: token('ok'),
    brightYellow: token('wait'),
    brightBlue: token('accent'),
    brightMagenta: token('end'),
    brightCyan: token('progress'),
    brightWhite: token('text'),
  }
  return {
    background: token('panel'),
    foreground: token('text'),
    cursor: token('accent'),
    cursorAccent: token('panel'),
    selectionBackground: `${token('accent')}40`,
    scrollbarSliderBackground: `${token('line-3')}44`,
    scrollbarSliderHoverBackground: `${token('line-3')}77`,
    scrollbarSliderActiveBackground: `${token('line-3')}99`,
    black: token('inset'),
    red: token('fail'),
    green: token('ok'),
    yellow: token('wait'),
    blue: token('accent'),
    magenta: token('end'),
    cyan: token('progress'),
    white: token('text'),
    ...bright,
  }
}
