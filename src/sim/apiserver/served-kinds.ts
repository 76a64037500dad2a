import { resourceOf, type Kind } from '../../kinds/kind.ts'
import { kindByResource, kindFor, kinds, kindVersions } from '../../kinds/registry.ts'

/** What one CustomResourceDefinition adds. */
export interface CustomResource {
  /** In every served version, the preferred one first. */
  readonly served: readonly Kind[]
  /** In the version that is stored. */
  readonly stored: Kind
}

/** The kinds one API server serves: the built-in ones, and those its CustomResourceDefinitions add. */
export class ServedKinds {
  private custom: readonly Kind[] = []
  private added: readonly Kind[] = []
  private readonly stored = new Map<string, Kind>()
  private readonly served = new Map<string, Kind>()
  /** Grows with every change of what is served, so that documents made of it can be kept. */
  generation = 0

  /** Replaces the custom kinds. */
  setCustom(resources: readonly CustomResource[]): void {
    this.generation++
    this.stored.clear()
    this.served.clear()
    for (const { stored } of resources) this.stored.set(resourceOf(stored), stored)
    this.custom = resources.flatMap(({ served }) => served)
    for (const kind of this.custom) this.served.set(`${kind.group}/${kind.version}/${kind.plural}`, kind)
  }

  /** Kinds that are served beside those that are stored: measurements. */
  add(kinds: readonly Kind[]): void {
    this.generation++
    this.added = kinds
  }

  /** The kind of `deployments.apps` in the version that it is stored in. */
  get(resource: string): Kind | undefined {
    return kinds.get(resource) ?? this.stored.get(resource)
  }

  /** The kind of `apps`, `v1`, `deployments`. */
  byResource(group: string, version: string, plural: string): Kind | undefined {
    return (
      kindByResource(group, version, plural) ??
      this.served.get(`${group}/${version}/${plural}`) ??
      this.added.find((one) => one.group === group && one.version === version && one.plural === plural)
    )
  }

  /** The kind of an object's own apiVersion and kind. */
  ofObject(object: { readonly apiVersion?: string; readonly kind?: string }): Kind | undefined {
    const { apiVersion = '', kind = '' } = object
    const slash = apiVersion.indexOf('/')
    const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
    const is = (one: Kind) => one.group === group && one.version === version && one.kind === kind
    return kindFor(group, version, kind) ?? this.custom.find(is)
  }

  /** All kinds in all served versions, built-in ones first. */
  versions(): readonly Kind[] {
    if (this.custom.length + this.added.length === 0) return kindVersions
    return [...kindVersions, ...this.custom, ...this.added]
  }

  /** All kinds, each once, in the version that it is stored in. */
  preferred(): readonly Kind[] {
    return [...kinds.values(), ...this.stored.values()]
  }
}
