import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { formatLabelSelector } from '../../machinery/selectors.ts'
import { ageColumn, ageOf, column, nameColumn, templateColumns } from '../columns.ts'
import { selectorText } from '../job/kind.ts'
import { validateJobSpec } from '../job/validation.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { nonNegative } from '../workload/validation.ts'
import { scheduleProblem, timeZoneProblem } from './schedule.ts'

const policies = ['Allow', 'Forbid', 'Replace']
/** A job's name is this plus eleven characters, and has to fit into a label. */
const maxNameLength = 52

export const CronJob = defineKind({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.batch.v1.CronJob',
  hasGeneration: true,
  hasStatus: true,
  applyDefaults(cronJob) {
    const spec = (cronJob.spec ??= {})
    spec.concurrencyPolicy ??= 'Allow'
    spec.suspend ??= false
    spec.successfulJobsHistoryLimit ??= 3
    spec.failedJobsHistoryLimit ??= 1
    applyPodTemplateDefaults(spec.jobTemplate?.spec?.template)
  },
  prepareForCreate(cronJob) {
    cronJob.status = {}
  },
  validate: validateCronJob,
  validateUpdate: (cronJob, old) => [...metaUpdate(cronJob, old), ...validateCronJob(cronJob)],
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Schedule', ({ spec }) => spec?.schedule ?? '', { description: 'batch.v1.CronJobSpec.schedule' }),
    column('Timezone', ({ spec }) => spec?.timeZone ?? '<none>', { description: 'batch.v1.CronJobSpec.timeZone' }),
    column('Suspend', ({ spec }) => (spec?.suspend ? 'True' : 'False'), {
      type: 'boolean',
      description: 'batch.v1.CronJobSpec.suspend',
    }),
    column('Active', ({ status }) => status?.active?.length ?? 0, {
      type: 'integer',
      description: 'batch.v1.CronJobStatus.active',
    }),
    column(
      'Last Schedule',
      ({ status }, now) => (status?.lastScheduleTime ? ageOf(status.lastScheduleTime, now) : '<none>'),
      { description: 'batch.v1.CronJobStatus.lastScheduleTime' },
    ),
    ageColumn,
    ...templateColumns((cronJob) => cronJob.spec?.jobTemplate?.spec?.template?.spec),
    column('Selector', ({ spec }) => formatLabelSelector(spec?.jobTemplate?.spec?.selector), {
      priority: 1,
      description: selectorText(),
    }),
  ],
  references: ({ spec, metadata }) =>
    podReferences(spec?.jobTemplate?.spec?.template?.spec ?? {}, metadata.namespace ?? ''),
})

/** Upstream: ValidateCronJobCreate. */
function validateCronJob(cronJob: any): FieldError[] {
  const errors = namespacedMeta(cronJob)
  const { spec } = cronJob
  if (!spec.schedule) errors.push(required('spec.schedule'))
  else {
    const problem = spec.schedule.includes('TZ')
      ? 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
      : scheduleProblem(spec.schedule)
    if (problem) errors.push(invalid('spec.schedule', spec.schedule, problem))
  }
  errors.push(...nonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'))
  if (spec.timeZone !== undefined) {
    const problem = timeZoneProblem(spec.timeZone)
    if (problem) errors.push(invalid('spec.timeZone', spec.timeZone, problem))
  }
  if (!policies.includes(spec.concurrencyPolicy))
    errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, policies))
  errors.push(...validateJobSpec(spec.jobTemplate?.spec ?? {}, 'spec.jobTemplate.spec', true))
  errors.push(...nonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'))
  errors.push(...nonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'))
  const { name } = cronJob.metadata
  if (name?.length > maxNameLength)
    errors.push(invalid('metadata.name', name, `must be no more than ${maxNameLength} characters`))
  return errors
}
