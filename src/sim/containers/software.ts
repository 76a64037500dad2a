import { catalogueImages } from './images/find.ts'
import type { Images } from './images/image.ts'
import type { Programs } from './kernel/start.ts'
import type { Program } from './kernel/types.ts'
import { agnhost } from './native/agnhost.ts'
import { clients } from './native/clients.ts'
import { entryProgram, others, pauseServer, unknownServer } from './native/others.ts'
import { serverProgram } from './native/server.ts'
import { stores } from './native/stores.ts'
import { webServers } from './native/web.ts'
import { ash, dash } from './shell/program.ts'
import { tools } from './tools/registry.ts'

const servers = [...stores, ...webServers, agnhost, pauseServer, unknownServer]
const list: readonly Program[] = [
  ...Object.values(tools),
  ...clients,
  ...others,
  ...servers.map(serverProgram),
  ash,
  dash,
  { ...ash, name: 'ash' },
  { ...ash, name: 'bash' },
]
const byName = new Map(list.map((one) => [one.name, one]))
const entries = new Map<string, Program>()

/** Programs by name; an image's entrypoint is `entry:` and the program that it is for. */
export const clusterPrograms: Programs = {
  get(name) {
    if (!name.startsWith('entry:')) return byName.get(name)
    let entry = entries.get(name)
    if (!entry) entries.set(name, (entry = entryProgram(name.slice('entry:'.length))))
    return entry
  },
}

/** What containers are made of: the catalogue of images, and the programs that are in them. */
export const clusterSoftware: { readonly images: Images; readonly programs: Programs } = {
  images: catalogueImages(Object.keys(tools)),
  programs: clusterPrograms,
}
