/** Where somebody types, or pipes something in. */
export interface StreamState {
  input: string
  closed: boolean
  /** Nobody sits at it any more. */
  hungUp?: true
  /** A pseudo-terminal: what is being typed before and after the cursor, and what was typed before. */
  tty?: {
    line: string
    rest?: string
    /** A key's sequence that has come in part. */
    escape?: string
    history: string[]
    at?: number
    raw?: true
    columns: number
    rows: number
  }
}
