/** What a pod may not use of secrets that its ServiceAccount does not list; undefined when it keeps to them. */
export function secretProblem(spec: any, account: any): string | undefined {
  const { name } = account.metadata
  const mountable = new Set((account.secrets ?? []).map((one: any) => one.name))
  const because = `is not allowed because service account ${name} does not reference that`
  for (const { secret } of spec.volumes ?? []) {
    const wanted = secret?.secretName
    if (secret && !mountable.has(wanted))
      return `volume with secret.secretName=${JSON.stringify(wanted ?? '')} ${because} secret`
  }
  for (const [type, list] of [
    ['init container', spec.initContainers],
    ['container', spec.containers],
  ] as const)
    for (const container of list ?? [])
      for (const env of container.env ?? []) {
        const wanted = env.valueFrom?.secretKeyRef?.name
        if (wanted !== undefined && !mountable.has(wanted))
          return `${type} ${container.name} with envVar ${env.name} referencing secret.secretName=${JSON.stringify(wanted)} ${because} secret`
      }
  const pullable = new Set((account.imagePullSecrets ?? []).map((one: any) => one.name))
  for (const [index, { name: wanted }] of ((spec.imagePullSecrets ?? []) as any[]).entries())
    if (!pullable.has(wanted))
      return `imagePullSecrets[${index}].name=${JSON.stringify(wanted ?? '')} ${because} imagePullSecret`
  return undefined
}
