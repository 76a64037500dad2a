import { humanDuration } from '../../machinery/duration.ts'
import { parseTime } from '../../lib/time.ts'
import { formatLabelSelector } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn, templateColumns } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { validateGeneratedSelector, validateJobSpec, validateJobSpecUpdate } from './validation.ts'

const controllerUid = 'batch.kubernetes.io/controller-uid'

export const Job = defineKind({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.batch.v1.Job',
  hasGeneration: true,
  hasStatus: true,
  applyDefaults: applyJobDefaults,
  prepareForCreate(job) {
    job.status = {}
    if (!job.spec.manualSelector) generateSelector(job)
    // Upstream copies the template's labels when it reads a job that has none.
    if (!job.metadata.labels) job.metadata.labels = { ...job.spec.template?.metadata?.labels }
  },
  validate: (job) => [...namespacedMeta(job), ...validateGeneratedSelector(job), ...validateJobSpec(job.spec, 'spec')],
  validateUpdate: (job, old) => [
    ...namespacedMeta(job),
    ...validateGeneratedSelector(job),
    ...validateJobSpec(job.spec, 'spec'),
    ...metaUpdate(job, old),
    // Upstream looks at the spec once more on its way through the update's own rules.
    ...validateJobSpec(job.spec, 'spec'),
    ...validateJobSpecUpdate(job.spec, old),
  ],
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Status', jobStatus, { description: 'Status of the job.' }),
    column('Completions', completions, { description: 'batch.v1.JobStatus.succeeded' }),
    column(
      'Duration',
      ({ status }, now) =>
        !status?.startTime
          ? ''
          : humanDuration(
              (status.completionTime ? parseTime(status.completionTime) : now) - parseTime(status.startTime),
            ),
      {
        description: 'Time required to complete the job.',
      },
    ),
    ageColumn,
    ...templateColumns((job) => job.spec?.template?.spec),
    column('Selector', ({ spec }) => formatLabelSelector(spec?.selector), { priority: 1, description: selectorText() }),
  ],
  references: ({ spec, metadata }) => podReferences(spec?.template?.spec ?? {}, metadata.namespace ?? ''),
  selectableFields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
})

/** Upstream: SetDefaults_Job. */
export function applyJobDefaults(job: any): void {
  const spec = (job.spec ??= {})
  applyPodTemplateDefaults(spec.template)
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
  spec.manualSelector ??= false
}

/** Upstream: generateSelector in the job's strategy. */
function generateSelector(job: any): void {
  const { uid, name } = job.metadata
  const metadata = (job.spec.template.metadata ??= {})
  metadata.labels = {
    ...metadata.labels,
    [controllerUid]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
  const selector = (job.spec.selector ??= {})
  selector.matchLabels = { ...selector.matchLabels, [controllerUid]: uid }
}

function jobStatus({ spec, status, metadata }: { spec?: any; status?: any; metadata: any }): string {
  const has = (type: string) =>
    (status?.conditions ?? []).some((one: any) => one.type === type && one.status === 'True')
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (metadata.deletionTimestamp) return 'Terminating'
  if (has('Suspended') || spec?.suspend) return 'Suspended'
  if (has('FailureTarget')) return 'FailureTarget'
  return has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

function completions({ spec, status }: { spec?: any; status?: any }): string {
  const done: number = status?.succeeded ?? 0
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`
  return spec?.parallelism > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`
}

/** The API documents the selector of jobs and of cron jobs' templates in the same words. */
export function selectorText(): string {
  return 'A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors'
}
