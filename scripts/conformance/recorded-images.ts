import type { Image, Images } from '../../src/sim/containers/images/image.ts'
import type { DirectoryNode, FileNode } from '../../src/sim/containers/kernel/types.ts'
import { clusterSoftware } from '../../src/sim/containers/software.ts'
import { tools } from '../../src/sim/containers/tools/registry.ts'
import { deepFreeze } from '../../src/lib/freeze.ts'
import { imageReference } from '../../src/sim/kubelet/image-names.ts'

const commands = [...Object.keys(tools), 'sh', 'ash']
export const programs = clusterSoftware.programs

const base = { uid: 0, gid: 0, mtime: 0 } as const
const directory = (mode = 0o755): DirectoryNode => ({ ...base, type: 'directory', mode, entries: {} })

/** A busybox root with some more files: text, or a text that may be executed. */
function busybox(more: Readonly<Record<string, string | { readonly script: string }>> = {}): DirectoryNode {
  const root = directory()
  const put = (path: string, node: FileNode) => {
    const names = path.split('/').filter(Boolean)
    const last = names.pop()!
    let at = root
    for (const name of names) at = (at.entries[name] ??= directory()) as DirectoryNode
    at.entries[last] = node
  }
  for (const name of commands) put(`/bin/${name}`, { ...base, type: 'file', mode: 0o755, data: '\x7fELF', program: 'busybox' })
  put('/bin/busybox', { ...base, type: 'file', mode: 0o755, data: '\x7fELF', program: 'busybox' })
  const files = {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
    '/etc/group': 'root:x:0:\nnobody:x:65534:\n',
    ...more,
  }
  for (const [path, what] of Object.entries(files)) {
    const data = typeof what === 'string' ? what : what.script
    put(path, { ...base, type: 'file', mode: typeof what === 'string' ? 0o644 : 0o755, data })
  }
  root.entries['tmp'] = directory(0o1777)
  root.entries['root'] = directory(0o700)
  const dev = directory()
  for (const device of ['null', 'zero', 'random', 'tty'] as const) dev.entries[device] = { ...base, type: 'device', mode: 0o666, device }
  for (const device of ['stdin', 'stdout', 'stderr'] as const) dev.entries[device] = { ...base, type: 'device', mode: 0o666, device }
  dev.entries['urandom'] = { ...base, type: 'device', mode: 0o666, device: 'random' }
  root.entries['dev'] = dev
  return deepFreeze(root) as DirectoryNode
}

const path = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
const nginx: Image = {
  entrypoint: ['/run.sh'],
  env: path,
  stopSignal: 'QUIT',
  sizeBytes: 1_057_736,
  root: busybox({
    '/run.sh': { script: '#!/bin/sh\ntrap "exit 0" TERM QUIT\nhttpd -f -p 80 -h /www &\nwait\n' },
    '/www/index.html': '<h1>Welcome to nginx!</h1>\n',
  }),
}
const all: Record<string, Image> = {
  'docker.io/library/busybox:1.36': { cmd: ['sh'], env: path, sizeBytes: 1_056_736, root: busybox() },
  'docker.io/library/nginx:1.27': nginx,
  'docker.io/library/nginx:1.28': nginx,
  'docker.io/library/crash:1': { cmd: ['sh', '-c', 'echo starting; echo failing; exit 1'], env: path, sizeBytes: 1_057_000, root: busybox() },
  'registry.k8s.io/pause:3.10': { entrypoint: ['/bin/busybox', 'sleep', 'infinity'], env: path, sizeBytes: 1_056_900, root: busybox() },
  'docker.io/library/app:1': {
    entrypoint: ['/app/run.sh'],
    cmd: ['--default'],
    env: { ...path, GREETING: 'hi' },
    user: '65534',
    workingDir: '/app',
    sizeBytes: 1_057_100,
    root: busybox({ '/app/run.sh': { script: '#!/bin/sh\necho "hello from $0 $*"\nexec sleep 3600\n' } }),
  },
}

/** The images of the machine that the cases of open/kubelet were recorded on. */
export const recordedImages: Images = { find: (name) => all[imageReference(name)] ?? clusterSoftware.images.find(name) }
