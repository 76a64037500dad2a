import { invalid, type FieldError } from '../../../../machinery/field-errors.ts'

/** What the labels of a namespace ask of its pods. Upstream: pod-security-admission/api/helpers.go. */

export type Level = 'privileged' | 'baseline' | 'restricted'

/** A level in the state of a release: `minor` of Kubernetes 1, infinite for the latest. */
export interface LevelVersion {
  readonly level: Level
  readonly minor: number
}

export interface Policy {
  readonly enforce: LevelVersion
  readonly warn: LevelVersion
}

const levels: readonly Level[] = ['privileged', 'baseline', 'restricted']
const prefix = 'pod-security.kubernetes.io/'
const latest = Number.POSITIVE_INFINITY
const unrestricted: LevelVersion = { level: 'privileged', minor: latest }

/** A namespace whose labels say nothing. */
export const openPolicy: Policy = { enforce: unrestricted, warn: unrestricted }

/** `baseline:latest`, `restricted:v1.30`. */
export function levelText({ level, minor }: LevelVersion): string {
  return `${level}:${minor === latest ? 'latest' : `v1.${minor}`}`
}

/** -1, 0 or 1: is `a` looser than `b`, as strict, stricter? */
export function compareLevels(a: Level, b: Level): number {
  return Math.sign(levels.indexOf(a) - levels.indexOf(b))
}

/** Reads a namespace's labels. There is always a policy: what cannot be read enforces the strictest level. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): {
  policy: Policy
  errors: FieldError[]
} {
  if (!labels) return { policy: openPolicy, errors: [] }
  const errors: FieldError[] = []
  const read = (mode: 'enforce' | 'audit' | 'warn'): LevelVersion => {
    const levelLabel = `${prefix}${mode}`
    const versionLabel = `${prefix}${mode}-version`
    let { level, minor } = unrestricted
    if (Object.hasOwn(labels, levelLabel)) {
      const text = labels[levelLabel]!
      if (levels.includes(text as Level)) level = text as Level
      else {
        errors.push(invalid(`metadata.labels[${levelLabel}]`, text, `must be one of ${levels.join(', ')}`))
        level = mode === 'enforce' ? 'restricted' : 'privileged'
      }
    }
    if (Object.hasOwn(labels, versionLabel)) {
      const text = labels[versionLabel]!
      const match = /^v1\.(0|[1-9][0-9]{0,8})$/.exec(text)
      if (match) minor = Number(match[1])
      else if (text !== 'latest')
        errors.push(invalid(`metadata.labels[${versionLabel}]`, text, 'must be "latest" or "v1.x"'))
    }
    return { level, minor }
  }
  const enforce = read('enforce')
  read('audit')
  return { policy: { enforce, warn: read('warn') }, errors }
}
