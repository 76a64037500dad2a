import type { Cluster } from '../sim/cluster.ts'
import type { Action, ActionResult, HostMessage } from './protocol.ts'

type TerminalAction = Extract<Action, { type: 'terminal' }>
type Output = Extract<HostMessage, { type: 'terminal' }>

const largestOutput = 200_000

/** Does what somebody does at a terminal. A session lives in its container under its name, so that it outlives a restore. */
export function actAtTerminal({ sessions }: Cluster, action: TerminalAction): ActionResult {
  const { session, namespace, pod, container, input } = action
  const key = `${namespace}/${pod}`
  if (input.do === 'open') {
    const options = { container, command: input.command, stdin: true, stdout: true, stderr: true, tty: true }
    const opened = sessions.exec(key, options, session)
    opened.resize(input.columns, input.rows)
    const failure = opened.failure
    return failure === undefined ? { ok: true } : { ok: false, message: failure }
  }
  const found = sessions.resume(key, container, session)
  if (!found) return { ok: false, message: 'There is no such session now.' }
  if (input.do === 'write') found.write(input.text)
  else if (input.do === 'resize') found.resize(input.columns, input.rows)
  else found.close()
  return { ok: true }
}

/** What the sessions that pages opened have written since they were last asked. */
export class TerminalFeed {
  private readonly open = new Map<string, TerminalAction>()
  private cluster: Cluster | undefined

  /** Somebody acts at a terminal: from now on what it writes is told. */
  follow(action: Action): void {
    if (action.type !== 'terminal') return
    if (action.input.do === 'close') this.open.delete(action.session)
    else this.open.set(action.session, action)
  }

  read(cluster: Cluster): Output[] {
    if (this.open.size === 0) return []
    // Another moment or another future: what its sessions wrote until then has been seen, or never will be.
    const isAnother = this.cluster !== undefined && this.cluster !== cluster
    this.cluster = cluster
    const told: Output[] = []
    for (const [session, { namespace, pod, container }] of this.open) {
      const found = cluster.sessions.resume(`${namespace}/${pod}`, container, session)
      if (!found) {
        if (isAnother) continue
        this.open.delete(session)
        told.push({ type: 'terminal', session, output: '', end: { exitCode: 137 } })
        continue
      }
      const { stdout, stderr, end } = found.read()
      if (end) this.open.delete(session)
      if (isAnother || (stdout === '' && stderr === '' && !end)) continue
      const output = `${stdout}${stderr}`.slice(-largestOutput)
      told.push({ type: 'terminal', session, output, ...(end && { end }) })
    }
    return told
  }
}
