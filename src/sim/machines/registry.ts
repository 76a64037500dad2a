/** What the registries that machines pull from have. Plain data; without one, every image exists. */
export interface Registry {
  /** Full names (`docker.io/library/nginx:1.27`). Where a host has any here, it has no others. */
  readonly images?: Readonly<Record<string, RegistryImage>>
  /** Hosts that refuse connections, and the address that they are found under. */
  readonly unreachable?: Readonly<Record<string, string>>
}

export interface RegistryImage {
  readonly sizeBytes?: number
  /** Images with the same content have the same digest. */
  readonly content?: string
  /** Secrets of type dockerconfigjson must name the host. */
  readonly private?: boolean
}
