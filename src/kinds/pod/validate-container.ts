import {
  duplicate,
  forbidden,
  invalid,
  notFoundValue,
  notSupported,
  required,
  type FieldError,
} from '../../machinery/field-errors.ts'
import { isDns1123Label, isHttpHeaderName, isPortName, isPortNumber } from '../../machinery/names.ts'
import { validateEnv, validateEnvFrom } from './validate-env.ts'
import { validateResources } from './validate-resources.ts'
import { validateContainerSecurity } from './validate-security.ts'
import { validateDescendingPath } from './validate-volumes.ts'

const protocols = ['SCTP', 'TCP', 'UDP']
const pullPolicies = ['Always', 'IfNotPresent', 'Never']
const propagations = ['Bidirectional', 'HostToContainer', 'None']

/** Regular containers. Upstream: validateContainers. */
export function validateContainers(
  containers: readonly any[] | undefined | null,
  volumes: ReadonlySet<string>,
  field: string,
  isTemplate: boolean,
): FieldError[] {
  if (!containers?.length) return [required(field)]
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (let index = 0; index < containers.length; index++) {
    const container = containers[index]
    const at = `${field}[${index}]`
    validateContainer(container, volumes, at, errors, isTemplate)
    if (container.name && names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    validateHooks(container, at, errors)
    if (container.restartPolicy !== undefined && !['Always', 'OnFailure', 'Never'].includes(container.restartPolicy))
      errors.push(notSupported(`${at}.restartPolicy`, container.restartPolicy, ['Always', 'Never', 'OnFailure']))
  }
  checkHostPorts(containers, field, errors)
  return errors
}

/** Init containers: sidecars may have probes and hooks, others may not. Upstream: validateInitContainers. */
export function validateInitContainers(
  containers: readonly any[] | undefined,
  regular: readonly any[] | undefined | null,
  volumes: ReadonlySet<string>,
  field: string,
  isTemplate: boolean,
): FieldError[] {
  if (!containers?.length) return []
  const errors: FieldError[] = []
  const names = new Set((regular ?? []).map((container) => container.name))
  for (let index = 0; index < containers.length; index++) {
    const container = containers[index]
    const at = `${field}[${index}]`
    validateContainer(container, volumes, at, errors, isTemplate)
    if (container.name && names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    else if (container.name) names.add(container.name)
    checkHostPorts([container], field, errors)
    if (container.restartPolicy === 'Always') validateHooks(container, at, errors)
    else {
      const text = 'may not be set for init containers without restartPolicy=Always'
      for (const probe of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])
        if (container[probe]) errors.push(forbidden(`${at}.${probe}`, text))
    }
  }
  return errors
}

/** What containers of every sort have to be. Upstream: validateContainerCommon. */
export function validateContainer(
  container: any,
  volumes: ReadonlySet<string>,
  at: string,
  errors: FieldError[],
  _isTemplate: boolean,
): void {
  const { name, image } = container
  if (!name) errors.push(required(`${at}.name`))
  else for (const message of isDns1123Label(name)) errors.push(invalid(`${at}.name`, name, message))
  if (!image) errors.push(required(`${at}.image`))
  else if (image !== image.trim())
    errors.push(invalid(`${at}.image`, image, 'must not have leading or trailing whitespace'))
  const termination = container.terminationMessagePolicy
  if (termination !== 'File' && termination !== 'FallbackToLogsOnError')
    errors.push(
      termination
        ? notSupported(`${at}.terminationMessagePolicy`, termination, ['FallbackToLogsOnError', 'File'])
        : required(`${at}.terminationMessagePolicy`),
    )
  if (container.ports) validatePorts(container.ports, `${at}.ports`, errors)
  if (container.env) validateEnv(container.env, `${at}.env`, errors)
  if (container.envFrom) validateEnvFrom(container.envFrom, `${at}.envFrom`, errors)
  if (container.volumeMounts) validateMounts(container.volumeMounts, volumes, `${at}.volumeMounts`, errors)
  const policy = container.imagePullPolicy
  if (!pullPolicies.includes(policy))
    errors.push(
      policy ? notSupported(`${at}.imagePullPolicy`, policy, pullPolicies) : required(`${at}.imagePullPolicy`),
    )
  if (container.resources)
    for (const error of validateResources(container.resources, `${at}.resources`)) errors.push(error)
  if (container.securityContext) validateContainerSecurity(container.securityContext, `${at}.securityContext`, errors)
  if (container.resizePolicy) validateResizePolicy(container.resizePolicy, `${at}.resizePolicy`, errors)
  if (container.volumeDevices) validateDevices(container.volumeDevices, volumes, `${at}.volumeDevices`, errors)
}

function validateResizePolicy(policies: readonly any[], field: string, errors: FieldError[]): void {
  const seen = new Set<string>()
  for (const [index, { resourceName = '', restartPolicy }] of policies.entries()) {
    if (resourceName !== 'cpu' && resourceName !== 'memory')
      errors.push(notSupported(`${field}`, resourceName, ['cpu', 'memory']))
    if (restartPolicy !== 'NotRequired' && restartPolicy !== 'RestartContainer')
      errors.push(
        restartPolicy
          ? notSupported(`${field}`, restartPolicy, ['NotRequired', 'RestartContainer'])
          : required(`${field}`),
      )
    if (seen.has(resourceName)) errors.push(duplicate(`${field}[${index}]`, resourceName))
    seen.add(resourceName)
  }
}

function validateDevices(
  devices: readonly any[],
  volumes: ReadonlySet<string>,
  field: string,
  errors: FieldError[],
): void {
  const paths = new Set<string>()
  const names = new Set<string>()
  for (const [index, { name = '', devicePath = '' }] of devices.entries()) {
    const at = `${field}[${index}]`
    if (!name) errors.push(required(`${at}.name`))
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'))
    names.add(name)
    if (!volumes.has(name)) errors.push(notFoundValue(`${at}.name`, name))
    if (!devicePath) errors.push(required(`${at}.devicePath`))
    else if (devicePath.split('/').includes('..'))
      errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"))
    if (devicePath && paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'))
    paths.add(devicePath)
  }
}

function validatePorts(ports: readonly any[], field: string, errors: FieldError[]): void {
  let names: Set<string> | undefined
  for (let index = 0; index < ports.length; index++) {
    const port = ports[index]
    const at = `${field}[${index}]`
    if (port.name) {
      const messages = isPortName(port.name)
      names ??= new Set()
      if (messages.length) for (const message of messages) errors.push(invalid(`${at}.name`, port.name, message))
      else if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name))
      else names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`))
    else
      for (const message of isPortNumber(port.containerPort))
        errors.push(invalid(`${at}.containerPort`, port.containerPort, message))
    if (port.hostPort)
      for (const message of isPortNumber(port.hostPort)) errors.push(invalid(`${at}.hostPort`, port.hostPort, message))
    if (!port.protocol) errors.push(required(`${at}.protocol`))
    else if (!protocols.includes(port.protocol)) errors.push(notSupported(`${at}.protocol`, port.protocol, protocols))
  }
}

function checkHostPorts(containers: readonly any[], field: string, errors: FieldError[]): void {
  let taken: Set<string> | undefined
  for (let index = 0; index < containers.length; index++) {
    const { ports } = containers[index]
    if (!ports) continue
    for (let portIndex = 0; portIndex < ports.length; portIndex++) {
      const { hostPort, protocol, hostIP = '' } = ports[portIndex]
      if (!hostPort) continue
      const key = `${protocol}/${hostIP}/${hostPort}`
      taken ??= new Set()
      if (taken.has(key)) errors.push(duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, key))
      taken.add(key)
    }
  }
}

function validateMounts(
  mounts: readonly any[],
  volumes: ReadonlySet<string>,
  field: string,
  errors: FieldError[],
): void {
  let paths: Set<string> | undefined
  for (let index = 0; index < mounts.length; index++) {
    const mount = mounts[index]
    const at = `${field}[${index}]`
    if (!mount.name) errors.push(required(`${at}.name`))
    if (!volumes.has(mount.name ?? '')) errors.push(notFoundValue(`${at}.name`, mount.name ?? ''))
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`))
    paths ??= new Set()
    if (paths.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'))
    paths.add(mount.mountPath)
    const { mountPropagation } = mount
    if (mountPropagation !== undefined && !propagations.includes(mountPropagation))
      errors.push(notSupported(`${at}.mountPropagation`, mountPropagation, propagations))
    if (mount.subPath) errors.push(...validateDescendingPath(mount.subPath, `${at}.subPath`))
    if (mount.subPathExpr) {
      if (mount.subPath)
        errors.push(invalid(`${at}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
      errors.push(...validateDescendingPath(mount.subPathExpr, `${at}.subPathExpr`))
    }
  }
}

/** Lifecycle and probes of a container that runs beside others. */
function validateHooks(container: any, at: string, errors: FieldError[]): void {
  const { lifecycle } = container
  if (lifecycle?.postStart) validateHandler(lifecycle.postStart, `${at}.lifecycle.postStart`, errors)
  if (lifecycle?.preStop) validateHandler(lifecycle.preStop, `${at}.lifecycle.preStop`, errors)
  if (container.livenessProbe) validateProbe(container.livenessProbe, `${at}.livenessProbe`, errors, true)
  if (container.readinessProbe) {
    validateProbe(container.readinessProbe, `${at}.readinessProbe`, errors, false)
    if (container.readinessProbe.terminationGracePeriodSeconds !== undefined)
      errors.push(
        invalid(
          `${at}.readinessProbe.terminationGracePeriodSeconds`,
          container.readinessProbe.terminationGracePeriodSeconds,
          'must not be set for readinessProbes',
        ),
      )
  }
  if (container.startupProbe) validateProbe(container.startupProbe, `${at}.startupProbe`, errors, true)
}

function validateProbe(probe: any, at: string, errors: FieldError[], onlyOneSuccess: boolean): void {
  validateHandler(probe, at, errors)
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const)
    if (probe[name] < 0) errors.push(invalid(`${at}.${name}`, probe[name], 'must be greater than or equal to 0'))
  if (probe.terminationGracePeriodSeconds !== undefined && probe.terminationGracePeriodSeconds <= 0)
    errors.push(
      invalid(`${at}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds, 'must be greater than 0'),
    )
  if (onlyOneSuccess && probe.successThreshold !== 1)
    errors.push(invalid(`${at}.successThreshold`, probe.successThreshold, 'must be 1'))
}

function validateHandler(handler: any, at: string, errors: FieldError[]): void {
  let count = 0
  const next = (name: string): boolean => {
    if (handler[name] === undefined) return false
    if (count++ === 0) return true
    errors.push(forbidden(`${at}.${name}`, 'may not specify more than 1 handler type'))
    return false
  }
  if (next('exec') && !handler.exec.command?.length) errors.push(required(`${at}.exec.command`))
  if (next('httpGet')) {
    const { path, port, scheme, httpHeaders } = handler.httpGet
    if (!path) errors.push(required(`${at}.httpGet.path`))
    validatePortNumOrName(port, `${at}.httpGet.port`, errors)
    if (scheme !== 'HTTP' && scheme !== 'HTTPS')
      errors.push(notSupported(`${at}.httpGet.scheme`, scheme ?? '', ['HTTP', 'HTTPS']))
    for (const [index, header] of (httpHeaders ?? []).entries())
      for (const message of isHttpHeaderName(header.name ?? ''))
        errors.push(invalid(`${at}.httpGet.httpHeaders`, httpHeaders[index].name ?? '', message))
  }
  if (next('tcpSocket')) validatePortNumOrName(handler.tcpSocket.port, `${at}.tcpSocket.port`, errors)
  if (next('grpc')) validatePortNumOrName(handler.grpc.port, `${at}.grpc.port`, errors)
  if (next('sleep') && handler.sleep.seconds < 0)
    errors.push(invalid(`${at}.sleep.seconds`, handler.sleep.seconds, 'must be non-negative'))
  if (count === 0) errors.push(required(at, 'must specify a handler type'))
}

function validatePortNumOrName(port: unknown, field: string, errors: FieldError[]): void {
  if (typeof port === 'string') for (const message of isPortName(port)) errors.push(invalid(field, port, message))
  else for (const message of isPortNumber(Number(port ?? 0))) errors.push(invalid(field, port ?? 0, message))
}
