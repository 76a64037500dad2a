/**
 * What a node asks of the programs in its containers: one interface, so that the machine behind it can be replaced.
 * A behaviour is plain data, decided when a container starts; it is kept in the kubelet's state.
 */
export interface ContainerSpec {
  readonly image: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Declared container ports. */
  readonly ports: readonly number[]
}

/** What a container will do from its start on. All times are milliseconds after it. */
export interface Behaviour {
  /** Until it answers on its ports. */
  readonly startupMs: number
  /** Ends by itself. */
  readonly exit?: { readonly afterMs: number; readonly code: number }
  /** Asks again and again whether a host answers, and goes on (to exit) when it does. */
  readonly waitsFor?: { readonly host: string; readonly port?: number; readonly everyMs: number }
  /** Answers on these ports once it is up; 'any' answers on all. */
  readonly serves: readonly number[] | 'any'
  /** From TERM to the end; longer than the grace period means that it is killed. */
  readonly stopMs: number
  readonly stopCode: number
  readonly milliCPU: number
  /** Uses at least this part of what is requested for it. */
  readonly shareOfRequest?: number
  readonly memoryBytes: number
  readonly log: readonly { readonly atMs: number; readonly text: string }[]
}

export interface ImageInfo {
  readonly sizeBytes: number
}

export interface ProbeTarget {
  readonly kind: 'http' | 'tcp' | 'grpc' | 'exec'
  readonly port?: number
}

export type ProbeOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string }

export interface ContainerRuntime {
  image(name: string): ImageInfo
  behaviour(spec: ContainerSpec): Behaviour
  /** What a probe finds in a container that has been running for so long. */
  probe(behaviour: Behaviour, runningMs: number, target: ProbeTarget, address: string): ProbeOutcome
}
