import { forbiddenRequest, type StatusError } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { groupName } from '../group-names.ts'
import type { Draft, RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const resource = 'priorityclasses.scheduling.k8s.io'
/** What pods of no class are. */
const classless = { value: 0, preemptionPolicy: 'PreemptLowerPriority' }

/** Turns a pod's priority class into a number; lets one class be everybody's. Upstream: plugin/pkg/admission/priority. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || context.subresource) return
    const { spec } = pod
    const refuse = (detail: string) => refused(context, pod, detail)
    if (old) {
      // What a client does not send back stays: neither may change.
      spec.priority ??= old.spec.priority
      spec.preemptionPolicy ??= old.spec.preemptionPolicy
      if (spec.priority === undefined) delete spec.priority
      if (spec.preemptionPolicy === undefined) delete spec.preemptionPolicy
      return
    }
    let found: any
    if (spec.priorityClassName) {
      found = api.etcd.get(resource, spec.priorityClassName)
      if (!found) throw refuse(`no PriorityClass with name ${spec.priorityClassName} was found`)
    } else {
      found = defaultClass(api)
      if (found) spec.priorityClassName = found.metadata.name
    }
    const { value = 0, preemptionPolicy } = found ?? classless
    const computed = (what: string, given: unknown, right: unknown) =>
      `the ${what} (${given}) must not be provided in pod spec; priority admission controller computed ${right} from the given PriorityClass name`
    if (spec.priority !== undefined && spec.priority !== value)
      throw refuse(computed('integer value of priority', spec.priority, value))
    spec.priority = value
    if (preemptionPolicy === undefined) return
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy)
      throw refuse(computed('string value of PreemptionPolicy', spec.preemptionPolicy, preemptionPolicy))
    spec.preemptionPolicy = preemptionPolicy
  },
  validate(api, context, object, old) {
    if (context.resource !== resource || !(object as any).globalDefault) return
    const other = defaultClass(api)
    if (!other || (old && other.metadata.name === old.metadata.name)) return
    throw refused(
      context,
      object,
      `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
    )
  },
}

function refused({ kind }: RequestContext, object: Draft, detail: string): StatusError {
  return forbiddenRequest(groupName(kind), object.metadata.name, detail)
}

/** The lowest of those that are everybody's. */
function defaultClass(api: ApiServer): KubeObject | undefined {
  let lowest: KubeObject | undefined
  for (const key of api.etcd.keys(resource)) {
    const one: any = api.etcd.get(resource, key)
    if (one.globalDefault && (!lowest || (one.value ?? 0) < ((lowest as any).value ?? 0))) lowest = one
  }
  return lowest
}
