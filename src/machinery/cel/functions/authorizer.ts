import type { Opaque } from '../values.ts'
import { overload, type Overload } from './overload.ts'

/** What an expression asks the authorizer. */
export interface Question {
  readonly user?: { readonly namespace: string; readonly name: string }
  readonly verb: string
  readonly path?: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}
export interface Answer {
  readonly allowed: boolean
  readonly reason: string
}
export type Ask = (question: Question) => Answer

const authorizer = 'kubernetes.authorization.Authorizer'
const path = 'kubernetes.authorization.PathCheck'
const group = 'kubernetes.authorization.GroupCheck'
const resource = 'kubernetes.authorization.ResourceCheck'
const decision = 'kubernetes.authorization.Decision'

/** A question in the making, or its answer. */
class Check implements Opaque {
  readonly typeName: string
  readonly ask: Ask
  readonly question: Omit<Question, 'verb'>
  readonly answer: Answer | undefined
  constructor(typeName: string, ask: Ask, question: Omit<Question, 'verb'>, answer?: Answer) {
    this.typeName = typeName
    this.ask = ask
    this.question = question
    this.answer = answer
  }
  equals(other: Opaque): boolean {
    return other === this
  }
  with(typeName: string, part: Partial<Question>): Check {
    return new Check(typeName, this.ask, { ...this.question, ...part })
  }
  verb(verb: string): Check {
    return new Check(decision, this.ask, this.question, this.ask({ ...this.question, verb }))
  }
}

/** The variable `authorizer`. */
export function authorizerValue(ask: Ask): Opaque {
  return new Check(authorizer, ask, {})
}

/** The variable `authorizer.requestResource`. */
export function requestResourceValue(ask: Ask, question: Omit<Question, 'verb'>): Opaque {
  return new Check(resource, ask, question)
}

const checkCost = 350_000 / 10

/** Kubernetes' authorizer library. */
export const authorizerFunctions: readonly Overload[] = [
  overload(`${authorizer}.path(string): ${path}`, ([check, value]) => check.with(path, { path: value })),
  overload(`${authorizer}.group(string): ${group}`, ([check, value]) => check.with(group, { group: value })),
  overload(`${authorizer}.serviceAccount(string, string): ${authorizer}`, ([check, namespace, name]) =>
    check.with(authorizer, { user: { namespace, name } }),
  ),
  overload(`${group}.resource(string): ${resource}`, ([check, value]) => check.with(resource, { resource: value })),
  overload(`${resource}.subresource(string): ${resource}`, ([check, value]) =>
    check.with(resource, { subresource: value }),
  ),
  overload(`${resource}.namespace(string): ${resource}`, ([check, value]) =>
    check.with(resource, { namespace: value }),
  ),
  overload(`${resource}.name(string): ${resource}`, ([check, value]) => check.with(resource, { name: value })),
  // RBAC knows no selectors: a narrower question gets the answer of the wider one.
  overload(`${resource}.fieldSelector(string): ${resource}`, ([check]) => check),
  overload(`${resource}.labelSelector(string): ${resource}`, ([check]) => check),
  ...[path, resource].map((type) =>
    overload(`${type}.check(string): ${decision}`, ([check, verb], meter) => {
      meter.charge(checkCost)
      return check.verb(verb)
    }),
  ),
  overload(`${decision}.allowed(): bool`, ([check]) => check.answer.allowed),
  overload(`${decision}.reason(): string`, ([check]) => check.answer.reason),
  overload(`${decision}.errored(): bool`, () => false),
  overload(`${decision}.error(): string`, () => ''),
]
