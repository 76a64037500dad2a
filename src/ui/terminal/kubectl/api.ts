/** What an answer of the API holds: anything, until it is looked at. */
export type Loose = any

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** What kubectl needs of the page. */
export interface Surroundings {
  http(
    method: string,
    path: string,
    options?: { readonly body?: string; readonly contentType?: string; readonly accept?: string },
  ): Promise<HttpAnswer>
  print(line: string): void
  sleep(ms: number): Promise<void>
  readonly signal: AbortSignal
  /** Virtual time, in milliseconds since the epoch. */
  now(): number
  files(): readonly { readonly name: string; readonly text: string }[]
  apply(
    file: string,
    namespace: string | undefined,
  ): Promise<readonly { object: string; result: string; message?: string }[]>
  /** Names of a resource's objects, of all namespaces when none is given. */
  names(resource: string, namespace: string | undefined): readonly string[]
  drain(node: string): Promise<{ readonly ok: boolean; readonly message?: string }>
  openShell(namespace: string, pod: string, container: string | undefined, command: readonly string[] | undefined): void
}

/** Something went wrong that is told in one line. */
export class KubectlError extends Error {}

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

/** The API by its paths, as kubectl speaks with it; refusals become its words. */
export class Api {
  readonly surroundings: Surroundings
  private resources: Promise<readonly Resource[]> | undefined

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings
  }

  get(path: string): Promise<Loose> {
    return this.send('GET', path)
  }

  table(path: string): Promise<Loose> {
    return this.send('GET', path, undefined, undefined, asTable)
  }

  async text(path: string): Promise<string> {
    const { status, body } = await this.surroundings.http('GET', path)
    if (status >= 400) throw refusal(body)
    return body
  }

  async send(method: string, path: string, body?: unknown, contentType = 'application/json', accept?: string) {
    const answer = await this.surroundings.http(method, path, {
      ...(body !== undefined && { body: JSON.stringify(body), contentType }),
      ...(accept && { accept }),
    })
    if (answer.status >= 400) throw refusal(answer.body)
    return JSON.parse(answer.body) as Loose
  }

  merge(path: string, body: unknown): Promise<Loose> {
    return this.send('PATCH', path, body, 'application/merge-patch+json')
  }

  /** All that is served, in its preferred versions. */
  async discover(): Promise<readonly Resource[]> {
    this.resources ??= this.readDiscovery()
    return this.resources
  }

  /** Custom kinds may have come. */
  forget(): void {
    this.resources = undefined
  }

  private async readDiscovery(): Promise<readonly Resource[]> {
    const { groups } = await this.get('/apis')
    const preferred: string[] = groups.map((group: Loose) => group.preferredVersion.groupVersion)
    const lists = await Promise.all([
      this.get('/api/v1'),
      ...preferred.map((groupVersion) => this.get(`/apis/${groupVersion}`).catch(() => ({ resources: [] }))),
    ])
    return lists.flatMap(({ groupVersion, resources }) =>
      (resources as Loose[])
        .filter(({ name }) => !name.includes('/'))
        .map((each): Resource => {
          const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion]
          return { ...each, group, version, base: group ? `/apis/${groupVersion}` : `/api/${groupVersion}` }
        }),
    )
  }
}

/** A kind of resource, as discovery tells of it. */
export interface Resource {
  readonly name: string
  readonly singularName: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly verbs: readonly string[]
  readonly group: string
  readonly version: string
  readonly base: string
}

/** `deployments.apps` */
export const fullName = ({ name, group }: Resource) => (group ? `${name}.${group}` : name)

/** What a word for a resource means: plural, singular, short, with or without its group. */
export async function resourceNamed(api: Api, word: string): Promise<Resource> {
  const lower = word.toLowerCase()
  const find = async () => {
    const all = await api.discover()
    const fits = (each: Resource) =>
      [each.name, each.singularName, each.kind.toLowerCase(), ...(each.shortNames ?? [])].includes(lower) ||
      (each.group !== '' && [each.name, each.singularName].some((name) => `${name}.${each.group}` === lower))
    return all.find(fits) ?? all.find((each) => lower.startsWith(`${each.name}.`) && lower.endsWith(`.${each.group}`))
  }
  let found = await find()
  if (!found) {
    api.forget()
    found = await find()
  }
  if (!found) throw new KubectlError(`error: the server doesn't have a resource type "${word}"`)
  return found
}

/** The path of a resource's list, or of one object. */
export function pathOf({ base, namespaced, name: plural }: Resource, namespace: string | undefined, name?: string) {
  const where = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${base}${where}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}

function refusal(body: string): KubectlError {
  try {
    const { reason, message, details } = JSON.parse(body) as Loose
    if (reason === 'Invalid' && details?.causes) {
      const causes = details.causes.map((cause: Loose) => `${cause.field}: ${cause.message}`)
      const listed = causes.length === 1 ? causes[0] : `\n${causes.map((cause: string) => `* ${cause}`).join('\n')}`
      return new KubectlError(`The ${details.kind} "${details.name}" is invalid: ${listed}`)
    }
    return new KubectlError(`Error from server${reason ? ` (${reason})` : ''}: ${message}`)
  } catch {
    return new KubectlError(`Error from server: ${body}`)
  }
}
