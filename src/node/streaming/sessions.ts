import type { PodSessions, SessionEnd } from '../../sim/machines/pod-sessions.ts'

/** What the cluster gives to clients that stream. */
export type Sessions = Pick<PodSessions, 'exec' | 'attach' | 'port'>

/** The Status that ends a session. Upstream: remotecommand, NonZeroExitCode. */
export function endStatus({ exitCode, failure }: SessionEnd): object {
  if (failure !== undefined)
    return { metadata: {}, status: 'Failure', message: failure, reason: 'InternalError', code: 500 }
  if (exitCode === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  }
}

/** Something that has more to say as virtual time passes; false when it is over. */
export interface Pumped {
  pump(): boolean
}
