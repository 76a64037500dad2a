import { fnv1a } from '../../lib/fnv1a.ts'
import { catalogue, programName } from './catalogue.ts'
import { outcomeOf } from './commands.ts'
import type { Behaviour, ContainerRuntime, ContainerSpec } from './runtime.ts'

const mebibyte = 1024 * 1024

/**
 * Containers by a table: well-known images do what they are known for, a command runs until it would end, and
 * anything else is a server on its declared ports.
 */
export const simpleRuntime: ContainerRuntime = {
  image: (name) => {
    const known = catalogue[programName(name)]
    return { sizeBytes: (known?.sizeMiB ?? 20 + (fnv1a(name) % 120)) * mebibyte }
  },

  behaviour: (spec) => {
    // Arguments alone go to the image's own entrypoint; only a tool or shell image takes them for a command.
    const known = catalogue[programName(spec.image)]
    const argv = spec.command.length > 0 ? [...spec.command, ...spec.args] : known?.ends ? spec.args : []
    const outcome = argv.length > 0 ? outcomeOf(argv.map((one) => expand(one, spec.env))) : undefined
    const base: Behaviour = {
      startupMs: known?.startupMs ?? 400,
      serves:
        known && spec.ports.length === 0
          ? known.ports
          : spec.ports.length > 0
            ? [...spec.ports, ...(known?.ports ?? [])]
            : 'any',
      stopMs: 60,
      stopCode: 0,
      milliCPU: known?.milliCPU ?? 10,
      ...(known ? {} : { shareOfRequest: 0.2 }),
      memoryBytes: (known?.memoryMiB ?? 48) * mebibyte,
      log: (known?.log ?? []).map((text, index) => ({ atMs: 20 + index * 40, text })),
    }
    if (outcome) return commanded(base, outcome)
    const missing = known?.needs && !known.needs.anyOf.some((name) => spec.env[name])
    if (missing) {
      const log = known.needs!.complaint.map((text) => ({ atMs: 100, text }))
      return { ...base, serves: [], exit: { afterMs: 150, code: 1 }, log }
    }
    if (known?.ends && argv.length === 0) return { ...base, exit: { afterMs: 20, code: 0 } }
    return base
  },

  probe: (behaviour, runningMs, { kind, port }, address) => {
    if (kind === 'exec') return { ok: true }
    const up = runningMs >= behaviour.startupMs && (behaviour.serves === 'any' || behaviour.serves.includes(port ?? 0))
    if (up) return { ok: true }
    const dial = `dial tcp ${address}:${port}: connect: connection refused`
    if (kind === 'tcp') return { ok: false, message: dial }
    if (kind === 'grpc')
      return {
        ok: false,
        message: `timeout: failed to connect service "${address}:${port}" within 1s: context deadline exceeded`,
      }
    return { ok: false, message: `Get "http://${address}:${port}/": ${dial}` }
  },
}

/** A shell that waits does not pass signals on, and is killed after the grace period, as people find out. */
function commanded(base: Behaviour, outcome: NonNullable<ReturnType<typeof outcomeOf>>): Behaviour {
  const { shareOfRequest: _share, ...plain } = base
  const shell = { ...plain, startupMs: 0, stopMs: Number.MAX_SAFE_INTEGER, stopCode: 137, log: outcome.log }
  return {
    ...shell,
    ...(outcome.exit && { exit: outcome.exit }),
    ...(outcome.waitsFor && { waitsFor: outcome.waitsFor }),
    milliCPU: 1,
    memoryBytes: 2 * mebibyte,
  }
}

/** `$VAR` and `${VAR}` as a shell would read them; unknown ones stay, since a script may set them itself. */
function expand(text: string, env: ContainerSpec['env']): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, plain) => env[braced ?? plain] ?? all)
}
