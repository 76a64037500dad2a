import type { KubeObject } from '../../../machinery/objects.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'
import { failureCountAnnotation, ignoredCountAnnotation } from './backoff.ts'
import { countIn, indexAnnotation, trackingFinalizer } from './pods.ts'
import { verdictOn } from './policies.ts'
import type { JobSync } from './sync.ts'

/** What is left of a generated name for its beginning. Upstream: names.MaxGeneratedNameLength. */
const maxPrefix = 58

/** The pod to create, for an index where the job counts by them. */
export function podFor(sync: JobSync, index: number | undefined): unknown {
  const { job } = sync
  const { name, namespace } = job.metadata
  const { template } = job.spec
  const { labels, annotations, finalizers = [] } = template.metadata ?? {}
  const metadata = {
    namespace,
    finalizers: finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer],
    ownerReferences: [controllerReference(job)],
  }
  if (index === undefined)
    return {
      metadata: { generateName: `${name}-`, ...metadata, labels, ...(annotations && { annotations }) },
      spec: template.spec,
    }
  const indexed = { [indexAnnotation]: `${index}` }
  const { spec } = template
  return {
    metadata: {
      generateName: generateNameFor(name, index),
      ...metadata,
      labels: { ...labels, ...indexed },
      annotations: { ...annotations, ...indexed, ...failureCounts(sync, index) },
    },
    spec: {
      ...spec,
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withIndexVariable) }),
      containers: spec.containers.map(withIndexVariable),
      hostname: `${name}-${index}`,
    },
  }
}

function generateNameFor(name: string, index: number): string {
  const suffix = `-${index}-`
  return `${name.slice(0, maxPrefix - suffix.length)}${suffix}`
}

const variable = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } },
}

function withIndexVariable(container: any): any {
  const { env = [] } = container
  return env.some((one: any) => one.name === variable.name) ? container : { ...container, env: [...env, variable] }
}

/** How often the index failed before this pod, told by the one whose place it takes. Upstream: getNewIndexFailureCounts. */
function failureCounts({ job, failedIndexes, awaitingReplacement }: JobSync, index: number): Record<string, string> {
  if (!failedIndexes) return {}
  const replaced: KubeObject | undefined = awaitingReplacement.get(index)
  if (!replaced) return { [failureCountAnnotation]: '0' }
  const { counts } = verdictOn(replaced, job)
  const failures = (countIn(replaced, failureCountAnnotation) ?? 0) + (counts ? 1 : 0)
  const ignored = (countIn(replaced, ignoredCountAnnotation) ?? 0) + (counts ? 0 : 1)
  return {
    [failureCountAnnotation]: `${failures}`,
    ...(ignored > 0 && { [ignoredCountAnnotation]: `${ignored}` }),
  }
}
