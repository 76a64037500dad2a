import { addressOf } from '../machines/machine.ts'
import { hostnameOf } from './hostname.ts'
import type { KubeletEnvironment } from './environment.ts'
import type { PodState } from './state.ts'

const local = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
]

/** A pod's /etc/hosts. Upstream: managedHostsFileContent. */
export function hostsFile({ name, machine }: KubeletEnvironment, { pod, ip }: PodState): string {
  const { hostNetwork, subdomain, hostAliases = [] } = pod.spec
  const host = hostnameOf(pod, name)
  const own = hostNetwork ? addressOf(machine()) : (ip ?? '')
  const full = subdomain ? `${host}.${subdomain}.${pod.metadata.namespace}.svc.cluster.local\t${host}` : host
  let text = `# Kubernetes-managed hosts file${hostNetwork ? ' (host network)' : ''}.\n${local.join('\n')}\n`
  text += `${own}\t${full}\n`
  if (hostAliases.length === 0) return text
  text += '\n# Entries added by HostAliases.\n'
  for (const alias of hostAliases) text += `${alias.ip}\t${(alias.hostnames ?? []).join('\t')}\n`
  return text
}

/** A pod's /etc/resolv.conf. */
export function resolverFile({ client }: KubeletEnvironment, { pod }: PodState): string {
  const { dnsPolicy = 'ClusterFirst', hostNetwork, dnsConfig = {} } = pod.spec
  const inCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork)
  const own = dnsPolicy === 'None'
  const namespace = pod.metadata.namespace
  const dns = client.live('services', 'kube-system/kube-dns')?.spec.clusterIP ?? '10.96.0.10'
  const search = inCluster ? [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'] : []
  const servers = [...(inCluster ? [dns] : own ? [] : ['192.168.0.1']), ...(dnsConfig.nameservers ?? [])]
  const options = [...(inCluster ? ['ndots:5'] : [])]
  for (const { name, value } of dnsConfig.options ?? []) {
    const at = options.findIndex((one) => one.split(':')[0] === name)
    const text = value === undefined ? name : `${name}:${value}`
    if (at < 0) options.push(text)
    else options[at] = text
  }
  const searches = [...new Set([...search, ...(dnsConfig.searches ?? [])])]
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((one) => `nameserver ${one}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n')
}
