import type { Call } from './tool.ts'

/** It must wait in the middle: everything is done again when that is there. */
export class Blocked {
  readonly command: string
  readonly kind: 'system' | 'read' | 'feed' | 'record'
  readonly input: string
  constructor(kind: Blocked['kind'], command = '', input = '') {
    this.kind = kind
    this.command = command
    this.input = input
  }
}

/** What the run asks of who runs it. */
export interface Surroundings {
  readonly call: Call
  out(text: string): void
  /** The next record, or undefined at the end. May throw Blocked. */
  record(): string | undefined
  /** What a command came to. Throws Blocked until it is known. */
  result(
    kind: 'system' | 'read' | 'feed',
    command: string,
    input?: string,
  ): { readonly text: string; readonly code: number }
}
