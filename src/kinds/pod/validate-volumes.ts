import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Label } from '../../machinery/names.ts'
import { parseQuantity } from '../../machinery/quantity.ts'
import { volumeSourceFields } from './defaults.ts'

// Upstream checks sources in this order; the second one found is forbidden.
const sourceOrder = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'cinder',
  'csi',
  'ephemeral',
  'image',
]
const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

/** Volumes of a pod; collects the names of those in order into `names`. Upstream: ValidateVolumes. */
export function validateVolumes(volumes: readonly any[] | undefined, field: string, names: Set<string>): FieldError[] {
  const errors: FieldError[] = []
  if (!volumes) return errors
  for (let index = 0; index < volumes.length; index++) {
    const volume = volumes[index]
    const at = `${field}[${index}]`
    const found = validateSource(volume, at)
    if (!volume.name) found.push(required(`${at}.name`))
    else for (const message of isDns1123Label(volume.name)) found.push(invalid(`${at}.name`, volume.name, message))
    if (names.has(volume.name)) found.push(duplicate(`${at}.name`, volume.name))
    if (found.length) errors.push(...found)
    else names.add(volume.name)
  }
  return errors
}

function validateSource(volume: any, at: string): FieldError[] {
  const errors: FieldError[] = []
  let count = 0
  for (const source of sourceOrder) {
    const value = volume[source]
    if (value === undefined) continue
    if (count++ > 0) errors.push(forbidden(`${at}.${source}`, 'may not specify more than 1 volume type'))
    else validateOne(source, value, `${at}.${source}`, errors)
  }
  if (count === 0 && !volumeSourceFields.some((source) => volume[source] !== undefined))
    errors.push(required(at, 'must specify a volume type'))
  return errors
}

function validateOne(source: string, value: any, at: string, errors: FieldError[]): void {
  switch (source) {
    case 'emptyDir':
      if (value.sizeLimit !== undefined && (parseQuantity(value.sizeLimit)?.nano ?? 0n) < 0n)
        errors.push(forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
      break
    case 'hostPath':
      if (!value.path) errors.push(required(`${at}.path`))
      else if (value.path.split('/').includes('..'))
        errors.push(invalid(`${at}.path`, value.path, "must not contain '..'"))
      if (value.type !== undefined && !hostPathTypes.includes(value.type))
        errors.push(notSupported(`${at}.type`, value.type, hostPathTypes))
      break
    case 'secret':
      if (!value.secretName) errors.push(required(`${at}.secretName`))
      validateItems(value, at, errors)
      break
    case 'configMap':
      if (!value.name) errors.push(required(`${at}.name`))
      validateItems(value, at, errors)
      break
    case 'nfs':
      if (!value.server) errors.push(required(`${at}.server`))
      if (!value.path) errors.push(required(`${at}.path`))
      else if (!value.path.startsWith('/')) errors.push(invalid(`${at}.path`, value.path, 'must be an absolute path'))
      break
    case 'persistentVolumeClaim':
      if (!value.claimName) errors.push(required(`${at}.claimName`))
      break
    case 'downwardAPI':
      validateMode(value.defaultMode, `${at}.defaultMode`, errors)
      validateDownward(value.items ?? [], `${at}.items`, errors)
      break
    case 'projected':
      validateMode(value.defaultMode, `${at}.defaultMode`, errors)
      for (const [index, one] of (value.sources ?? []).entries()) {
        const sourceAt = `${at}.sources[${index}]`
        if (one.downwardAPI) validateDownward(one.downwardAPI.items ?? [], `${sourceAt}.downwardAPI.items`, errors)
        if (one.secret && !one.secret.name) errors.push(required(`${sourceAt}.secret.name`))
        if (one.configMap && !one.configMap.name) errors.push(required(`${sourceAt}.configMap.name`))
        const token = one.serviceAccountToken
        if (token?.expirationSeconds < 600)
          errors.push(
            invalid(
              `${sourceAt}.serviceAccountToken.expirationSeconds`,
              token.expirationSeconds,
              'may not specify a duration less than 10 minutes',
            ),
          )
        if (token && !token.path) errors.push(required(`${sourceAt}.serviceAccountToken.path`))
      }
      break
    case 'csi':
      if (!value.driver) errors.push(required(`${at}.driver`))
      break
    case 'ephemeral':
      if (!value.volumeClaimTemplate) errors.push(required(`${at}.volumeClaimTemplate`))
      break
  }
}

function validateMode(mode: number | undefined, field: string, errors: FieldError[]): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    errors.push(invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive'))
}

const downwardFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]

/** Upstream: validateDownwardAPIVolumeFile. */
function validateDownward(items: readonly any[], field: string, errors: FieldError[]): void {
  for (const [index, item] of items.entries()) {
    const at = `${field}[${index}]`
    const { path = '', fieldRef, resourceFieldRef, mode } = item ?? {}
    if (!path) errors.push(required(`${at}.path`))
    else {
      errors.push(...validateDescendingPath(path, `${at}.path`))
      if (path.startsWith('..') && !path.startsWith('../') && path !== '..')
        errors.push(invalid(`${at}.path`, path, "must not start with '..'"))
    }
    if (fieldRef) {
      const name: string = (fieldRef.fieldPath ?? '').replace(/\['.*'\]$/, '')
      if (!fieldRef.fieldPath) errors.push(required(`${at}.fieldRef.fieldPath`))
      else if (!downwardFields.includes(name))
        errors.push(notSupported(`${at}.fieldRef.fieldPath`, fieldRef.fieldPath, downwardFields))
      if (resourceFieldRef)
        errors.push(invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
    } else if (resourceFieldRef) {
      if (!resourceFieldRef.containerName) errors.push(required(`${at}.resourceFieldRef.containerName`))
      if (!resourceFieldRef.resource) errors.push(required(`${at}.resourceFieldRef.resource`))
    } else errors.push(required(at, 'one of fieldRef and resourceFieldRef is required'))
    validateMode(mode, `${at}.mode`, errors)
  }
}

function validateItems(source: any, at: string, errors: FieldError[]): void {
  validateMode(source.defaultMode, `${at}.defaultMode`, errors)
  for (const [index, item] of (source.items ?? []).entries()) {
    const itemAt = `${at}.items[${index}]`
    if (!item.key) errors.push(required(`${itemAt}.key`))
    if (!item.path) errors.push(required(`${itemAt}.path`))
    else errors.push(...validateDescendingPath(item.path, `${itemAt}.path`))
    validateMode(item.mode, `${itemAt}.mode`, errors)
  }
}

/** A relative path that stays below. Upstream: validateLocalDescendingPath. */
export function validateDescendingPath(path: string, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (path.startsWith('/')) errors.push(invalid(field, path, 'must be a relative path'))
  if (path.split('/').includes('..')) errors.push(invalid(field, path, "must not contain '..'"))
  return errors
}
