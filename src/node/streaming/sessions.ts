/** How a program in a container ended. */
export interface SessionEnd {
  readonly exitCode: number
  /** It could not be started, or was lost: why. */
  readonly failure?: string
}

/** A program in a container that a client talks to. Text is bytes, a character each. */
export interface Session {
  write(text: string): void
  closeInput(): void
  resize(columns: number, rows: number): void
  /** What it wrote since the last read. */
  read(): { readonly stdout: string; readonly stderr: string; readonly end?: SessionEnd }
  /** The client is gone. */
  close(): void
}

/** A connection to a port of a pod. */
export interface PortConnection {
  write(text: string): void
  closeInput(): void
  read(): { readonly text: string; readonly ended: boolean; readonly failure?: string }
  close(): void
}

export interface SessionOptions {
  readonly container: string | undefined
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** What the cluster gives to clients that stream. Throws a StatusError where upstream answers one. */
export interface Sessions {
  exec(pod: string, options: SessionOptions): Session
  attach(pod: string, options: SessionOptions): Session
  port(pod: string, port: number): PortConnection
}

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
