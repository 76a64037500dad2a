import { nearName } from '../../../kinds/service/near-miss.ts'
import type { Path } from './documents.ts'
import type { Rule } from './hint.ts'
import { entriesOf, podSpecPath, valueAt } from './hint.ts'

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe']

/** Probes on ports that their container does not name. */
export const probePorts: Rule = (document, _, say) => {
  eachContainer(document.object, (container, path) => {
    const ports = entriesOf(container.ports).map(([, port]) => port)
    for (const probe of probes) {
      for (const way of ['httpGet', 'tcpSocket', 'grpc']) {
        const port = container[probe]?.[way]?.port
        if (port === undefined) continue
        const at = [...path, probe, way, 'port']
        const names = ports.map((each) => each.name).filter((name) => typeof name === 'string')
        const isName = typeof port === 'string' && !/^\d+$/.test(port)
        if (isName && !names.includes(port)) {
          const near = nearName(port, names) ?? (ports.length === 1 ? names[0] : undefined)
          say(at, 'info', near ? 'portNameNear' : 'portName', { port, near }, { fix: near })
        } else if (!isName && ports.length > 0 && !ports.some((each) => Number(each.containerPort) === Number(port))) {
          const near = ports.length === 1 ? String(ports[0].containerPort) : undefined
          say(at, 'info', near ? 'probePortNear' : 'probePort', { port: String(port), near }, { fix: near })
        }
      }
    }
  })
}

/** Volumes that nobody mounts, mounts of no volume. */
export const volumes: Rule = ({ object }, _, say) => {
  const at = podSpecPath(object)
  const spec = at && valueAt(object, at)
  if (!at || !spec) return
  const declared = entriesOf(spec.volumes).map(([, volume]) => String(volume.name))
  const claims = entriesOf(object.spec?.volumeClaimTemplates).map(([, claim]) => String(claim.metadata?.name))
  const mounted = new Set<string>()
  eachContainer(object, (container, path) => {
    for (const list of ['volumeMounts', 'volumeDevices']) {
      for (const [index, mount] of entriesOf(container[list])) {
        const name = String(mount.name)
        mounted.add(name)
        if (declared.includes(name) || claims.includes(name)) continue
        const near = nearName(name, [...declared, ...claims])
        say([...path, list, index, 'name'], 'info', near ? 'mountNear' : 'mount', { name, near }, { fix: near })
      }
    }
  })
  for (const [index, volume] of entriesOf(spec.volumes))
    if (!mounted.has(String(volume.name)))
      say([...at, 'volumes', index, 'name'], 'hint', 'unmounted', { name: String(volume.name) })
}

/** Images whose tag may be another one tomorrow. */
export const latestTags: Rule = ({ object }, _, say) => {
  eachContainer(object, ({ image }, path) => {
    if (typeof image !== 'string' || image.includes('@')) return
    const tag = /:([^/:]+)$/.exec(image)?.[1]
    if (tag === undefined || tag === 'latest') say([...path, 'image'], 'hint', 'latest', { image })
  })
}

/** A workload whose selector does not fit its own template. */
export const ownSelector: Rule = ({ object }, _, say) => {
  const labels = object.spec?.template?.metadata?.labels
  const wanted = object.spec?.selector?.matchLabels
  if (!labels || !wanted || object.kind === 'Job') return
  for (const [label, value] of Object.entries(wanted)) {
    if (labels[label] === value) continue
    const has = labels[label] === undefined ? undefined : String(labels[label])
    say(
      ['spec', 'selector', 'matchLabels', label],
      'info',
      has === undefined ? 'selectorLacks' : 'selectorDiffers',
      { label, value: String(value), has },
      { fix: has },
    )
  }
}

/** Calls `visit` for each container of an object's pods. */
export function eachContainer(object: any, visit: (container: any, path: Path) => void): void {
  const at = podSpecPath(object)
  const spec = at && valueAt(object, at)
  if (!at || !spec) return
  for (const list of ['initContainers', 'containers'])
    for (const [index, container] of entriesOf(spec[list])) visit(container, [...at, list, index])
}
