import { resourceOf, type Kind } from '../../kinds/kind.ts'
import { kindByResource, kindFor, kinds, kindVersions } from '../../kinds/registry.ts'

/** The kinds one API server serves: the built-in ones, and those its CustomResourceDefinitions add. */
export class ServedKinds {
  private custom: readonly Kind[] = []
  private readonly customByResource = new Map<string, Kind>()

  /** Replaces the custom kinds, each in every served version; the first of a resource is the one it is stored in. */
  setCustom(all: readonly Kind[]): void {
    this.custom = all
    this.customByResource.clear()
    for (const kind of all) {
      const resource = resourceOf(kind)
      if (!this.customByResource.has(resource)) this.customByResource.set(resource, kind)
    }
  }

  /** The kind of `deployments.apps` in its preferred version. */
  get(resource: string): Kind | undefined {
    return kinds.get(resource) ?? this.customByResource.get(resource)
  }

  /** The kind of `apps`, `v1`, `deployments`. */
  byResource(group: string, version: string, plural: string): Kind | undefined {
    const is = (kind: Kind) => kind.group === group && kind.version === version && kind.plural === plural
    return kindByResource(group, version, plural) ?? this.custom.find(is)
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
    return this.custom.length === 0 ? kindVersions : [...kindVersions, ...this.custom]
  }

  /** All kinds, each once, in its preferred version. */
  preferred(): readonly Kind[] {
    return [...kinds.values(), ...this.customByResource.values()]
  }
}
