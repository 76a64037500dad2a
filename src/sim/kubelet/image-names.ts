/** What is wrong with an image's name, in the words of the distribution's reference parser; undefined when it is fine. */
export function imageNameProblem(image: string): string | undefined {
  const wrong = (what: string) => `couldn't parse image name "${image}": invalid reference format${what}`
  const [name = '', digest] = image.split('@')
  if (digest !== undefined && !/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/.test(digest)) return wrong('')
  const { host, path, tag } = partsOf(name)
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return wrong('')
  const full = host === undefined && !path.includes('/') ? `library/${path}` : path
  if (path.toLowerCase() !== path) return wrong(`: repository name (${full}) must be lowercase`)
  if (!/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(path))
    return wrong('')
  return full.length > 255 ? wrong(`: repository name (${full}) must not be more than 255 characters`) : undefined
}

function partsOf(name: string): { host: string | undefined; path: string; tag: string | undefined } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost' || first.toLowerCase() !== first
  const rest = isHost ? name.slice(slash + 1) : name
  const colon = rest.lastIndexOf(':')
  return {
    host: isHost ? first : undefined,
    path: colon < 0 ? rest : rest.slice(0, colon),
    tag: colon < 0 ? undefined : rest.slice(colon + 1),
  }
}

// A pure function's memo, bounded.
const references = new Map<string, string>()

/** The full name of an image: `nginx` is `docker.io/library/nginx:latest`. */
export function imageReference(image: string): string {
  const known = references.get(image)
  if (known) return known
  const at = image.indexOf('@')
  const { host, path, tag } = partsOf(at < 0 ? image : image.slice(0, at))
  const where = host ?? 'docker.io'
  const repository = where === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  const found = `${where}/${repository}${at < 0 ? `:${tag ?? 'latest'}` : image.slice(at)}`
  if (references.size >= 1000) references.clear()
  references.set(image, found)
  return found
}

/** Host, repository and tag or digest of a full name. */
export function splitReference(reference: string): { host: string; repository: string; version: string } {
  const slash = reference.indexOf('/')
  const at = reference.indexOf('@')
  const cut = at < 0 ? reference.lastIndexOf(':') : at
  return {
    host: reference.slice(0, slash),
    repository: reference.slice(slash + 1, cut),
    version: reference.slice(cut + 1),
  }
}
