/** What a line editor needs of a terminal. */
export interface LineScreen {
  write(text: string): void
  readonly cols: number
}

/** How wide a text stands: letters of East Asian scripts take two columns. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1
  return width
}

const kept = 200

/** A line that is typed at a prompt: edited, recalled, completed. It knows no commands. */
export class LineEditor {
  text = ''
  private cursor = 0
  /** Rows that the cursor stands below the prompt's first. */
  private row = 0
  private readonly past: string[] = []
  private recalled = 0
  private draft = ''
  private readonly screen: LineScreen
  private readonly prompt: string

  constructor(screen: LineScreen, prompt: string) {
    this.screen = screen
    this.prompt = prompt
  }

  get beforeCursor(): string {
    return this.text.slice(0, this.cursor)
  }

  /** Shows a new prompt, with nothing typed. */
  begin(): void {
    this.text = this.draft = ''
    this.cursor = this.row = 0
    this.recalled = this.past.length
    this.draw()
  }

  /** The line is done: the cursor goes below it, and it can be recalled. */
  end(): string {
    this.cursor = this.text.length
    this.draw()
    this.screen.write('\r\n')
    const line = this.text
    if (line.trim() !== '' && this.past.at(-1) !== line) this.past.push(line)
    if (this.past.length > kept) this.past.shift()
    return line
  }

  insert(text: string): void {
    this.set(this.beforeCursor + text + this.text.slice(this.cursor), this.cursor + text.length)
  }

  /** Takes one key, as a terminal sends it. False when it is none of its own. */
  key(key: string): boolean {
    switch (key) {
      case '\x7f':
      case '\b':
        this.erase(-1)
        break
      case '\x1b[3~':
      case '\x04':
        this.erase(1)
        break
      case '\x1b[D':
      case '\x02':
        this.move(this.cursor - 1)
        break
      case '\x1b[C':
      case '\x06':
        this.move(this.cursor + 1)
        break
      case '\x1b[H':
      case '\x1bOH':
      case '\x01':
        this.move(0)
        break
      case '\x1b[F':
      case '\x1bOF':
      case '\x05':
        this.move(this.text.length)
        break
      case '\x1b[1;5D':
      case '\x1bb':
        this.move(this.beforeCursor.replace(/\S*\s*$/, '').length)
        break
      case '\x1b[1;5C':
      case '\x1bf':
        this.move(this.cursor + /^\s*\S*/.exec(this.text.slice(this.cursor))![0].length)
        break
      case '\x1b[A':
      case '\x10':
        this.recall(-1)
        break
      case '\x1b[B':
      case '\x0e':
        this.recall(1)
        break
      case '\x15':
        this.set(this.text.slice(this.cursor), 0)
        break
      case '\x0b':
        this.set(this.beforeCursor, this.cursor)
        break
      case '\x17': {
        const rest = this.beforeCursor.replace(/\S+\s*$/, '')
        this.set(rest + this.text.slice(this.cursor), rest.length)
        break
      }
      default:
        return false
    }
    return true
  }

  /** Prompt and line once more, where the cursor is. */
  draw(): void {
    const { cols } = this.screen
    const before = widthOf(this.prompt) + widthOf(this.beforeCursor)
    const all = widthOf(this.prompt) + widthOf(this.text)
    const up = this.row > 0 ? `\x1b[${this.row}A` : ''
    // At the right edge a terminal waits with the next row until something stands there.
    const atEdge = all > 0 && all % cols === 0 ? ' \b' : ''
    this.row = Math.floor(before / cols)
    const back = Math.floor(all / cols) - this.row
    this.screen.write(
      `${up}\r\x1b[J\x1b[1m${this.prompt}\x1b[0m${this.text}${atEdge}${back > 0 ? `\x1b[${back}A` : ''}\r${before % cols > 0 ? `\x1b[${before % cols}C` : ''}`,
    )
  }

  /** Something was printed: the prompt stands somewhere else now. */
  moved(): void {
    this.row = 0
  }

  private set(text: string, cursor: number): void {
    this.text = text
    this.cursor = cursor
    this.draw()
  }

  private move(to: number): void {
    this.cursor = Math.min(this.text.length, Math.max(0, to))
    this.draw()
  }

  private erase(direction: -1 | 1): void {
    const from = direction < 0 ? this.cursor - 1 : this.cursor
    if (from < 0) return
    this.set(this.text.slice(0, from) + this.text.slice(from + 1), from)
  }

  private recall(step: -1 | 1): void {
    const to = this.recalled + step
    if (to < 0 || to > this.past.length) return
    if (this.recalled === this.past.length) this.draft = this.text
    this.recalled = to
    const text = this.past[to] ?? this.draft
    this.set(text, text.length)
  }
}

/** Splits what a terminal sent into keys: escape sequences whole, everything else letter by letter. */
export function keysOf(data: string): string[] {
  // oxlint-disable-next-line no-control-regex -- these are what keys send
  return data.match(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b.|[\s\S]/gu) ?? []
}
