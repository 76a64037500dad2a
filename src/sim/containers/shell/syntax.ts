/** What a script is read into: instructions, in blocks. A pure function of the text, so it is never part of a state. */

export type Flavour = 'ash' | 'dash'

/** A piece of a word. `quoted`: neither split into fields nor a pattern. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable'
      readonly name: string
      readonly quoted: boolean
      /** `length` for ${#x}; else what follows the name, a colon with it. */
      readonly operator?: string
      readonly word?: Word
      /** Of `/` what to put in its place; of `:` the length. */
      readonly second?: Word
    }
  | { readonly kind: 'command'; readonly block: number; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly word: Word; readonly quoted: boolean }
  | { readonly kind: 'home'; readonly user: string }
  /** `${x!}`: found to be wrong only when it is come to. */
  | { readonly kind: 'bad' }

export type Word = readonly Part[]

export interface Redirect {
  readonly fd?: number
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '&>' | '<<'
  /** Of a here-document, its contents. */
  word: Word
}

/** An instruction. Jumps are relative to their own place, so that pieces can be put together. */
export type Op = { tested?: true } & (
  | {
      readonly op: 'run'
      readonly assignments: readonly Assignment[]
      readonly words: readonly Word[]
      readonly redirects: readonly Redirect[]
      readonly line: number
    }
  | { readonly op: 'jump'; readonly by: number }
  | { readonly op: 'ifFailed'; readonly by: number }
  | { readonly op: 'ifOk'; readonly by: number }
  | { readonly op: 'not' }
  | { readonly op: 'status'; readonly status: number }
  /** When one fails, what they are for is left out. */
  | { readonly op: 'redirect'; readonly redirects: readonly Redirect[]; readonly by: number; readonly line: number }
  | { readonly op: 'restore' }
  | { readonly op: 'pipeline'; readonly blocks: readonly number[]; readonly background?: true; readonly source: string }
  | {
      readonly op: 'subshell'
      readonly block: number
      readonly background: boolean
      readonly source: string
      readonly line: number
    }
  | { readonly op: 'define'; readonly name: string; readonly block: number }
  /** Begins a loop: where break and continue lead. */
  | { readonly op: 'loop'; readonly end: number; readonly next: number }
  | { readonly op: 'endLoop' }
  | { readonly op: 'loopStatus' }
  | {
      readonly op: 'for'
      readonly name: string
      readonly words?: readonly Word[]
      readonly end: number
      readonly next: number
      readonly line: number
    }
  | { readonly op: 'each'; readonly end: number }
  | {
      readonly op: 'case'
      readonly word: Word
      readonly items: readonly { readonly patterns: readonly Word[]; readonly by: number }[]
      readonly end: number
      readonly line: number
    }
)

export interface Assignment {
  readonly name: string
  readonly word: Word
}

/** One complete command: what stands up to a line's end that ends it. */
export interface Unit {
  readonly blocks: readonly (readonly Op[])[]
  /** Where the next one begins. */
  readonly end: number
  readonly line: number
  /** A here-document in it has no end yet. */
  readonly open?: true
}

/** A text that is no script. */
export class SyntaxFault extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}
