import type { Path } from './documents.ts'
import type { Rule } from './hint.ts'
import { podSpecPath, valueAt } from './hint.ts'
import { eachContainer } from './pod-rules.ts'

/** Fields that Kubecosm keeps and validates, but that nothing in the cluster acts on. A test looks whether that is so. */
export const storedFields = {
  pod: ['setHostnameAsFQDN', 'hostnameOverride', 'hostPID', 'hostIPC', 'hostUsers'],
  podSecurity: [
    'seLinuxOptions',
    'appArmorProfile',
    'seccompProfile',
    'sysctls',
    'fsGroupChangePolicy',
    'windowsOptions',
  ],
  container: ['volumeDevices'],
  containerSecurity: [
    'allowPrivilegeEscalation',
    'appArmorProfile',
    'capabilities',
    'privileged',
    'procMount',
    'seLinuxOptions',
    'seccompProfile',
    'windowsOptions',
  ],
  Service: ['internalTrafficPolicy', 'ipFamilies', 'ipFamilyPolicy'],
  PersistentVolumeClaim: ['dataSource', 'dataSourceRef', 'volumeAttributesClassName'],
  Ingress: ['defaultBackend'],
} as const satisfies Record<string, readonly string[]>

/** Says of each such field that it is only stored. */
export const onlyStored: Rule = ({ object }, _, say) => {
  const look = (value: any, path: Path, fields: readonly string[]) => {
    for (const field of fields)
      if (value?.[field] !== undefined) say([...path, field], 'hint', 'storedField', { field }, { part: 'key' })
  }
  const at = podSpecPath(object)
  if (at) {
    const spec = valueAt(object, at)
    look(spec, at, storedFields.pod)
    look(spec?.securityContext, [...at, 'securityContext'], storedFields.podSecurity)
  }
  eachContainer(object, (container, path) => {
    look(container, path, storedFields.container)
    look(container.securityContext, [...path, 'securityContext'], storedFields.containerSecurity)
  })
  const own = storedFields[object.kind as 'Service' | 'PersistentVolumeClaim' | 'Ingress']
  if (['Service', 'PersistentVolumeClaim', 'Ingress'].includes(object.kind)) look(object.spec, ['spec'], own)
}
