import type {
  Action,
  Camera,
  ClusterShape,
  Fault,
  JournalEntry,
  MachineShape,
  Playground,
  PlaygroundFile,
  TerminalInput,
} from './model.ts'
import { playgroundVersion } from './model.ts'

/** Why something that claims to be a playground is none; `path` says where. */
export class PlaygroundError extends Error {
  readonly path: string

  constructor(path: string, message: string) {
    super(`${path}: ${message}`)
    this.path = path
  }
}

const maximumDepth = 64
const tenYearsMs = 10 * 365 * 24 * 3_600_000

/** Is this JSON text nested too deeply to be read safely? Looks at brackets only, before anything is parsed. */
export function isTooDeep(json: string, limit = maximumDepth): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const character = json[i]
    if (inString) {
      if (character === '\\') i++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      if (++depth > limit) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

/** Reads parsed JSON as a playground, field by field: nothing unknown comes through. Throws a PlaygroundError. */
export function readPlayground(value: unknown): Playground {
  const from = record(value, 'playground')
  const version = number(from.version, 'version', 1, 1_000)
  if (version > playgroundVersion)
    throw new PlaygroundError('version', `${version} is newer than this page understands`)
  const journal = list(from.journal, 'journal', 20_000, readEntry)
  const until = number(from.until, 'until', 0, tenYearsMs)
  return {
    version,
    engine: text(from.engine, 'engine', 50),
    name: text(from.name, 'name', 200),
    files: list(from.files, 'files', 200, readFile),
    shape: readShape(from.shape),
    journal,
    until,
    ...(from.camera === undefined ? {} : { camera: readCamera(from.camera) }),
  }
}

function readFile(value: unknown, path: string): PlaygroundFile {
  const from = record(value, path)
  return { name: text(from.name, `${path}.name`, 200), text: text(from.text, `${path}.text`, 2_000_000) }
}

function readShape(value: unknown): ClusterShape {
  const from = record(value, 'shape')
  return {
    name: text(from.name, 'shape.name', 200),
    seed: number(from.seed, 'shape.seed', -(2 ** 53), 2 ** 53),
    machines: list(from.machines, 'shape.machines', 5_000, readMachine),
  }
}

function readMachine(value: unknown, path: string): MachineShape {
  const from = record(value, path)
  return {
    name: text(from.name, `${path}.name`, 253),
    zone: text(from.zone, `${path}.zone`, 253),
    cpu: text(from.cpu, `${path}.cpu`, 50),
    memory: text(from.memory, `${path}.memory`, 50),
    ...(from.disk === undefined ? {} : { disk: text(from.disk, `${path}.disk`, 50) }),
    ...(from.pods === undefined ? {} : { pods: number(from.pods, `${path}.pods`, 0, 10_000) }),
    ...(from.labels === undefined ? {} : { labels: strings(from.labels, `${path}.labels`) }),
    ...(from.taints === undefined ? {} : { taints: list(from.taints, `${path}.taints`, 100, readTaint) }),
  }
}

function readTaint(value: unknown, path: string): { key: string; value?: string; effect: string } {
  const from = record(value, path)
  return {
    key: text(from.key, `${path}.key`, 400),
    ...(from.value === undefined ? {} : { value: text(from.value, `${path}.value`, 63) }),
    effect: text(from.effect, `${path}.effect`, 20),
  }
}

function readEntry(value: unknown, path: string): JournalEntry {
  const from = record(value, path)
  return { at: number(from.at, `${path}.at`, 0, tenYearsMs), action: readAction(from.action, `${path}.action`) }
}

function readAction(value: unknown, path: string): Action {
  const from = record(value, path)
  const name = () => text(from.name, `${path}.name`, 253)
  const namespace = from.namespace === undefined ? {} : { namespace: text(from.namespace, `${path}.namespace`, 253) }
  const resource = () => text(from.resource, `${path}.resource`, 253)
  switch (from.type) {
    case 'apply':
      return {
        type: 'apply',
        file: text(from.file, `${path}.file`, 200),
        text: text(from.text, `${path}.text`, 2_000_000),
        ...namespace,
      }
    case 'delete': {
      const seconds = from.gracePeriodSeconds
      const grace =
        seconds === undefined ? {} : { gracePeriodSeconds: number(seconds, `${path}.gracePeriodSeconds`, 0, 1e9) }
      return { type: 'delete', resource: resource(), ...namespace, name: name(), ...grace }
    }
    case 'replace':
      return { type: 'replace', object: readObject(from.object, `${path}.object`) }
    case 'scale':
      return {
        type: 'scale',
        resource: resource(),
        namespace: text(from.namespace, `${path}.namespace`, 253),
        name: name(),
        replicas: number(from.replicas, `${path}.replicas`, 0, 2 ** 31),
      }
    case 'machine':
      return {
        type: 'machine',
        name: name(),
        change: oneOf(from.change, `${path}.change`, ['unplug', 'plug', 'powerOff', 'powerOn', 'remove']),
      }
    case 'addMachine':
      return { type: 'addMachine', machine: readMachine(from.machine, `${path}.machine`) }
    case 'resizeMachine':
      return {
        type: 'resizeMachine',
        name: name(),
        cpu: text(from.cpu, `${path}.cpu`, 50),
        memory: text(from.memory, `${path}.memory`, 50),
      }
    case 'drain':
      return { type: 'drain', name: name() }
    case 'evict':
      return { type: 'evict', namespace: text(from.namespace, `${path}.namespace`, 253), name: name() }
    case 'fault':
      return { type: 'fault', fault: readFault(from.fault, `${path}.fault`) }
    case 'cordon':
      if (typeof from.cordon !== 'boolean') throw new PlaygroundError(`${path}.cordon`, 'must be true or false')
      return { type: 'cordon', name: name(), cordon: from.cordon }
    case 'terminal': {
      const session = text(from.session, `${path}.session`, 40)
      if (!/^[a-z0-9-]+$/.test(session))
        throw new PlaygroundError(`${path}.session`, 'must be letters, digits and dashes')
      return {
        type: 'terminal',
        session,
        namespace: text(from.namespace, `${path}.namespace`, 253),
        pod: text(from.pod, `${path}.pod`, 253),
        container: text(from.container, `${path}.container`, 63),
        input: readTerminalInput(from.input, `${path}.input`),
      }
    }
    case 'request':
      return {
        type: 'request',
        method: oneOf(from.method, `${path}.method`, ['POST', 'PUT', 'PATCH', 'DELETE']),
        path: text(from.path, `${path}.path`, 4000),
        ...(from.contentType === undefined ? {} : { contentType: text(from.contentType, `${path}.contentType`, 200) }),
        ...(from.body === undefined ? {} : { body: text(from.body, `${path}.body`, 2_000_000) }),
      }
    default:
      throw new PlaygroundError(`${path}.type`, 'is not an action this page knows')
  }
}

function readFault(value: unknown, path: string): Fault {
  const from = record(value, path)
  const name = () => text(from.name, `${path}.name`, 253)
  const over = from.isOver === true ? { isOver: true as const } : {}
  switch (from.on) {
    case 'node': {
      const what = oneOf(from.what, `${path}.what`, ['crash', 'fillDisk', 'fillMemory', 'slowNetwork'])
      return { on: 'node', name: name(), what, ...over }
    }
    case 'pod': {
      const namespace = text(from.namespace, `${path}.namespace`, 253)
      const container =
        from.container === undefined ? {} : { container: text(from.container, `${path}.container`, 253) }
      const what = oneOf(from.what, `${path}.what`, ['crash', 'kill', 'oom', 'hang', 'resume'])
      return { on: 'pod', namespace, name: name(), ...container, what }
    }
    case 'controlPlane':
      return {
        on: 'controlPlane',
        part: oneOf(from.part, `${path}.part`, ['scheduler', 'controllerManager']),
        ...over,
      }
    default:
      throw new PlaygroundError(`${path}.on`, 'is nothing that can have a fault')
  }
}

function readTerminalInput(value: unknown, path: string): TerminalInput {
  const from = record(value, path)
  const size = () => ({
    columns: number(from.columns, `${path}.columns`, 1, 1000),
    rows: number(from.rows, `${path}.rows`, 1, 1000),
  })
  switch (oneOf(from.do, `${path}.do`, ['open', 'write', 'resize', 'close'])) {
    case 'open': {
      const command = list(from.command, `${path}.command`, 100, (item, at) => text(item, at, 10_000))
      return { do: 'open', command, ...size() }
    }
    case 'write':
      return { do: 'write', text: text(from.text, `${path}.text`, 100_000) }
    case 'resize':
      return { do: 'resize', ...size() }
    case 'close':
      return { do: 'close' }
  }
}

/** An API object goes through the API server's own checks later; here only what code relies on before that. */
function readObject(value: unknown, path: string): Extract<Action, { type: 'replace' }>['object'] {
  const from = record(value, path)
  text(from.apiVersion, `${path}.apiVersion`, 300)
  text(from.kind, `${path}.kind`, 300)
  text(record(from.metadata, `${path}.metadata`).name, `${path}.metadata.name`, 253)
  refuseProto(from, path)
  return from as unknown as Extract<Action, { type: 'replace' }>['object']
}

function refuseProto(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__') throw new PlaygroundError(path, 'has a forbidden key')
    refuseProto(inner, `${path}.${key}`)
  }
}

function readCamera(value: unknown): Camera {
  const from = record(value, 'camera')
  return {
    x: number(from.x, 'camera.x', -1e7, 1e7),
    y: number(from.y, 'camera.y', -1e7, 1e7),
    zoom: number(from.zoom, 'camera.zoom', 0.001, 100),
  }
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PlaygroundError(path, 'must be an object')
  return value as Record<string, unknown>
}

function text(value: unknown, path: string, maximumLength: number): string {
  if (typeof value !== 'string') throw new PlaygroundError(path, 'must be a string')
  if (value.length > maximumLength) throw new PlaygroundError(path, `must be at most ${maximumLength} characters`)
  return value
}

function number(value: unknown, path: string, minimum: number, maximum: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new PlaygroundError(path, 'must be a number')
  if (value < minimum || value > maximum) throw new PlaygroundError(path, `must be between ${minimum} and ${maximum}`)
  return value
}

function list<T>(value: unknown, path: string, maximumLength: number, read: (item: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw new PlaygroundError(path, 'must be a list')
  if (value.length > maximumLength) throw new PlaygroundError(path, `must have at most ${maximumLength} entries`)
  return value.map((item, index) => read(item, `${path}[${index}]`))
}

function strings(value: unknown, path: string): Record<string, string> {
  const entries = Object.entries(record(value, path))
  if (entries.length > 200) throw new PlaygroundError(path, 'must have at most 200 entries')
  refuseProto(value, path)
  return Object.fromEntries(entries.map(([key, inner]) => [key, text(inner, `${path}.${key}`, 253)]))
}

function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw new PlaygroundError(path, `must be one of ${allowed.join(', ')}`)
  return found
}
