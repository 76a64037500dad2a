const volatileKeys = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink'])
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g
const ageColumns = new Set(['Age', 'Last Schedule', 'Last Seen', 'First Seen', 'LastSeen'])
const addressKeys = new Set(['clusterIP', 'podIP', 'hostIP'])
const addressListKeys = new Set(['clusterIPs', 'podIPs', 'hostIPs'])

export interface NormaliserOptions {
  readonly area: string
  /** The case's own text: addresses and node ports named there stay as they are. */
  readonly source: string
}

/** Takes out of answers what no two clusters share, as the recorder did. Learns names and hashes as it goes. */
export class Normaliser {
  readonly #area: string
  readonly #hashes = new Map<string, string>()
  readonly #names = new Map<string, string>()
  readonly #ports = new Set<number>()
  readonly #addresses = new Set<string>()
  #lastColumns: any[] = []

  constructor({ area, source }: NormaliserOptions) {
    this.#area = area
    if (area !== 'api') return
    for (const [, port] of source.matchAll(/nodePort\\?"?: ?(\d+)/g)) this.#ports.add(Number(port))
    for (const [address] of source.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/g)) this.#addresses.add(address)
  }

  /** Remembers generated names and template hashes of an object that was seen. */
  learn(object: any): void {
    const metadata = object?.metadata
    if (!metadata) return
    const { generateName, name } = metadata
    if (generateName && name?.startsWith(generateName) && name.length === generateName.length + 5) this.#names.set(name, `${generateName}<rand>`)
    if (object.kind === 'ControllerRevision') this.#learnHash(name.split('-').pop())
    else if (object.kind === 'ReplicaSet') this.#learnHash(metadata.labels?.['pod-template-hash'])
    else {
      const hash = metadata.labels?.['pod-template-hash'] ?? metadata.labels?.['controller-revision-hash']
      if (hash && (this.#area !== 'controllers' || !generateName)) this.#learnHash(hash.includes('-') ? hash.split('-').pop() : hash)
    }
  }

  /** Replica sets and revisions, numbered in the order of their revision. */
  learnRevisions(objects: readonly any[]): void {
    const revision = (object: any) => Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? object.revision ?? 0)
    const sorted = [...objects].sort((a, b) => {
      const [left, right] = [a.metadata.creationTimestamp + a.metadata.name, b.metadata.creationTimestamp + b.metadata.name]
      return revision(a) - revision(b) || (left < right ? -1 : 1)
    })
    for (const object of sorted) {
      const isRevision = object.revision !== undefined
      this.#learnHash(isRevision ? object.metadata.name.split('-').pop() : object.metadata.labels?.['pod-template-hash'])
    }
  }

  #learnHash(hash: string | undefined): void {
    if (hash && !this.#hashes.has(hash)) this.#hashes.set(hash, `H${this.#hashes.size + 1}`)
  }

  text(input: string): string {
    let text = input
    for (const [name, replacement] of this.#names) if (text.includes(name)) text = text.replaceAll(name, replacement)
    for (const [hash, label] of this.#hashes) text = text.replaceAll(hash, `<${label}>`)
    if (this.#area === 'controllers') text = text.replace(/(-)\d{8}(?=-<rand>|-[a-z0-9]{5}\b|\b)/g, '$1<minute>')
    text = text
      .replace(time, '<time>')
      .replace(/(ResourceVersion in record \()\d+\)/g, '$1<rv>)')
      .replace(/(too (?:old|large) resource version: )[\d]+( ?\([\d]+\)|, current: \d+)?/gi, '$1<rv>')
      .replace(/\.[0-9a-f]{16}\b/g, '.<event>')
      .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand>')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replace(/(<H\d+>)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1-<rand>')
      .replace(/(pods "[^" ]*?-)[bcdfghjklmnpqrstvwxz2456789]{5}(" is forbidden)/g, '$1<rand>$2')
    if (this.#area === 'kubelet') text = kubeletText(text)
    return text
  }

  /** kubectl's output: also its ages and addresses, without blanks at line ends and with runs of blanks folded. */
  console(input: string): string {
    const age =
      this.#area === 'kubelet'
        ? /(?<![=\w.:-]|for |off |per |within |after )\b\d+(d|h|m|s)(\d+(h|m|s))*\b(?= ago|\s|$|\))(?! restarting)/gm
        : /\b\d+(d|h|m|s)(\d+(h|m|s))*\b(?= ago|\s|$|\))/g
    return this.text(input)
      .replace(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4}/g, '<time>')
      .replace(age, '<age>')
      .replace(/\b10\.(96|244|0)\.\d+\.\d+\b/g, '<ip>')
      .replace(/[ \t]+$/gm, '')
  }

  value(input: any, parentKey = ''): any {
    if (typeof input === 'string') return this.text(input)
    if (typeof input !== 'object' || input === null) return input
    if (Array.isArray(input)) return input.map((item) => this.value(item))
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(input).sort()) {
      const value = input[key]
      if (value === undefined) continue
      if (volatileKeys.has(key) && (parentKey === 'metadata' || key === 'managedFields' || key === 'uid' || key === 'resourceVersion')) continue
      const special = this.#special(key, value, parentKey)
      if (special !== undefined) result[key] = special
      else result[this.text(key)] = this.value(value, key)
    }
    if (input.kind === 'Table' && Array.isArray(input.rows)) this.#ages(input, result)
    return result
  }

  #special(key: string, value: any, parentKey: string): unknown {
    if (addressKeys.has(key) && typeof value === 'string' && value && value !== 'None' && !this.#addresses.has(value)) return this.#isNodeAddress(value) ? '<node-ip>' : '<ip>'
    if (addressListKeys.has(key) && Array.isArray(value))
      return value.map((item) => {
        if (typeof item === 'string') return item === 'None' || this.#addresses.has(item) ? item : '<ip>'
        return item && this.#addresses.has(item.ip) ? item : { ip: this.#isNodeAddress(item?.ip) ? '<node-ip>' : '<ip>' }
      })
    if (key === 'nodePort' || key === 'healthCheckNodePort') return value >= 30_000 && value <= 32_767 && !this.#ports.has(value) ? '<nodePort>' : value
    if (key === 'continue' && typeof value === 'string' && value) return '<continue>'
    if (key === 'serverAddress') return '<server>'
    if (key === 'token' && typeof value === 'string' && value.startsWith('eyJ')) return '<token>'
    if (this.#area !== 'kubelet') return undefined
    if (['machineID', 'systemUUID', 'bootID'].includes(key)) return `<${key}>`
    if (key === 'kernelVersion') return '<kernel>'
    if ((parentKey === 'capacity' || parentKey === 'allocatable') && ['memory', 'ephemeral-storage', 'cpu'].includes(key) && /^\d+([KMGT]i)?$/.test(value)) return '<quantity>'
    if (parentKey === 'kubeletEndpoint' && key === 'Port') return '<port>'
    if (key === 'sizeBytes') return '<size>'
    return undefined
  }

  #isNodeAddress(value: string | undefined): boolean {
    return this.#area === 'kubelet' && value !== undefined && value.startsWith('192.168.')
  }

  #ages(table: any, result: any): void {
    if (table.columnDefinitions?.length) this.#lastColumns = table.columnDefinitions
    const at = new Set((table.columnDefinitions ?? this.#lastColumns).flatMap((column: any, index: number) => (ageColumns.has(column.name) ? [index] : [])))
    result.rows = result.rows.map((row: any) => ({
      ...row,
      cells: row.cells.map((cell: unknown, index: number) => (at.has(index) && typeof cell === 'string' && /^\d+[smhdy]/.test(cell) ? '<age>' : cell)),
    }))
  }
}

function kubeletText(text: string): string {
  return text
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:<digest>')
    .replace(/[0-9a-f]{64}/g, '<id>')
    .replace(/\b10\.244\.\d+\.\d+\b/g, '<ip>')
    .replace(/\b192\.168\.\d+\.\d+\b/g, '<node-ip>')
    .replace(/<ip>:\d+->/g, '<ip>:<port>->')
    .replace(/ in \d[\w.µ]* \(\d[\w.µ]* including waiting\)/g, ' in <dur> (<dur> including waiting)')
    .replace(/host local port \d+/g, 'host local port <port>')
    .replace(/pid \d+/g, 'pid <pid>')
}
