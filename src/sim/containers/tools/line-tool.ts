import { inputsOf, type Inputs, longestLine, readInputs, type Reader } from './inputs.ts'
import { options } from './options.ts'
import type { Body, Call } from './tool.ts'

/** What most tools say about a file that they cannot open. */
export const cannotOpen = (call: Call) => (path: string, message: string) =>
  call.say(message.startsWith('read error') ? message : `can't open '${path}': ${message}`)

/** A tool that reads lines and remembers something between them. */
export function lineTool<State extends object>(
  letters: string,
  begin: (call: Call, paths: readonly string[], given: NonNullable<ReturnType<typeof options>>) => State | number,
  reader: (call: Call, state: State) => Reader,
  end?: (call: Call, state: State) => number | void,
  long?: Readonly<Record<string, string>>,
): Body {
  return (call) => {
    interface All {
      state?: State
      inputs: Inputs
    }
    const data = call.data<All>(() => ({ inputs: inputsOf([]) }))
    if (!data.state) {
      const given = options(call, letters, long)
      if (!given) return 1
      const state = begin(call, given.rest, given)
      if (typeof state === 'number') return state
      data.state = state
      data.inputs = inputsOf((state as { paths?: readonly string[] }).paths ?? given.rest)
    }
    const wait = readInputs(call, data.inputs, reader(call, data.state))
    if (wait) return wait
    return (end?.(call, data.state) ?? 0) || data.inputs.code
  }
}

/** A tool that needs all of its input before it can say anything. */
export function wholeTool<State extends { text: string; held?: number; opened?: true }>(
  letters: string,
  begin: Parameters<typeof lineTool<State>>[1],
  end: (call: Call, state: State) => number | void,
  /** Missing files are told by their name alone. */
  plain = false,
  /** The exit code when a file is missing: nothing else is done then. */
  missing?: number,
): Body {
  return lineTool<State>(
    letters,
    begin,
    (call, state) => ({
      text: (chunk) => {
        if (state.text.length > longestLine * 16) state.held = (state.held ?? 0) + chunk.length
        else state.text += chunk
      },
      open: () => {
        state.opened = true
      },
      ...(!plain && { failed: cannotOpen(call) }),
      ...(missing !== undefined && {
        failed: (path: string, message: string) => {
          call.say(`${path}: ${message}`)
          call.exit(missing)
        },
      }),
    }),
    end,
  )
}
