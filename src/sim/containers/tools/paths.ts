import { isFailure } from '../kernel/walk.ts'
import type { Call } from './tool.ts'

/** The path of a name in a directory. */
export const join = (directory: string, name: string) =>
  directory.endsWith('/') ? directory + name : `${directory}/${name}`
/** A path's last name. */
export const baseName = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/'
/** Is there a directory? */
export const isDirectory = (call: Call, path: string) => {
  const status = call.system.status(path)
  return !isFailure(status) && status.type === 'directory'
}
