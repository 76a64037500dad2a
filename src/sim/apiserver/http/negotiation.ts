import { notAcceptable, StatusError } from '../../../machinery/errors.ts'
import type { HttpRequest } from './messages.ts'

/** In what form an answer was asked for. */
export interface Representation {
  readonly format: 'json' | 'yaml'
  readonly pretty: boolean
  /** What the object is to be turned into. */
  readonly as?: {
    readonly kind: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
    readonly version: 'v1' | 'v1beta1'
  }
}

const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const streamTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']
const plain: Representation = { format: 'json', pretty: false }

/** How a refusal is written, whatever it refuses. */
export function formatOf({ headers: { accept } }: HttpRequest): Representation {
  if (!accept?.includes('yaml')) return plain
  for (const clause of clausesOf(accept)) {
    const found = accepted(clause, false)
    if (found) return { format: found.format, pretty: false }
  }
  return plain
}

interface Clause {
  readonly type: string
  readonly quality: number
  readonly parameters: Readonly<Record<string, string>>
}

/** Chooses the form of an answer, or throws 406. `list` says whether the route can also be watched. */
export function negotiate(
  { headers }: HttpRequest,
  query: { get(name: string): string },
  route: { readonly list: boolean; readonly watch: boolean },
): Representation {
  const { accept } = headers
  const pretty = isPretty(query.get('pretty'), headers['user-agent'])
  if (!accept || accept === 'application/json') return pretty ? { ...plain, pretty } : plain
  if (!isProduced(accept, route.list)) {
    const available = [...objectTypes, ...(route.list ? streamTypes : [])].join(', ')
    throw new StatusError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${available}`, {})
  }
  for (const clause of clausesOf(accept)) {
    const found = accepted(clause, route.watch)
    if (found) return pretty ? { ...found, pretty } : found
  }
  throw notAcceptable(route.watch ? streamTypes : objectTypes)
}

function isPretty(parameter: string, agent: string | undefined): boolean {
  if (parameter !== '')
    return (
      parameter === '1' ||
      parameter === 'true' ||
      parameter === 't' ||
      parameter === 'T' ||
      parameter === 'TRUE' ||
      parameter === 'True'
    )
  return agent !== undefined && /^(curl|Wget|Mozilla\/5\.0)/.test(agent)
}

/** The router looks at bare types only, and knows no wildcard but one. Upstream: go-restful, Route.matchesAccept. */
function isProduced(accept: string, list: boolean): boolean {
  return accept.split(',').some((clause) => {
    const type = clause.split(';')[0]!.trim()
    return type === '*/*' || objectTypes.includes(type) || (list && streamTypes.includes(type))
  })
}

/** Does an Accept header allow this type (with any parameters)? */
export function acceptsType(accept: string | undefined, type: string): boolean {
  return !accept || clausesOf(accept).some((clause) => matches(clause.type, type))
}

/** The clauses of an Accept header, the most wanted first. */
export function clausesOf(accept: string): Clause[] {
  const clauses = accept
    .split(',')
    .slice(0, 100)
    .map((text) => {
      const [type = '', ...rest] = text.split(';').map((part) => part.trim())
      const parameters: Record<string, string> = {}
      let quality = 1
      for (const part of rest) {
        const [name = '', value = ''] = part.split('=').map((side) => side.trim())
        if (name === 'q') quality = Number.isFinite(Number(value)) ? Number(value) : 1
        else if (name !== '__proto__') parameters[name] = value
      }
      return { type, quality, parameters }
    })
    .filter(({ type }) => type.includes('/'))
  const stars = ({ type }: Clause) => (type === '*/*' ? 2 : type.endsWith('/*') ? 1 : 0)
  return clauses.sort((a, b) => b.quality - a.quality || stars(a) - stars(b))
}

function matches(asked: string, type: string): boolean {
  return asked === type || asked === '*/*' || (asked.endsWith('/*') && type.startsWith(asked.slice(0, -1)))
}

/** Upstream: negotiation.acceptMediaTypeOptions. Protobuf is never answered: every client accepts JSON as well. */
function accepted({ type, parameters }: Clause, watch: boolean): Representation | undefined {
  const format = matches(type, 'application/json') ? 'json' : matches(type, 'application/yaml') ? 'yaml' : undefined
  if (!format || (watch && format === 'yaml')) return undefined
  if (parameters.stream && (parameters.stream !== 'watch' || format === 'yaml')) return undefined
  const pretty = parameters.pretty === '1'
  if (!parameters.as && !parameters.g && !parameters.v) return { format, pretty }
  const { as: kind, g: group, v: version } = parameters
  if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined
  if (kind !== 'Table' && kind !== 'PartialObjectMetadata' && kind !== 'PartialObjectMetadataList') return undefined
  return { format, pretty, as: { kind, version } }
}
