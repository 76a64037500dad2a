import { gunzipSync, gzipSync } from 'fflate'
import { isFailure } from '../kernel/walk.ts'
import { bytesOf, textOf } from './digest.ts'
import { inputsOf, type Inputs, readFile, readInputs, writeFile } from './inputs.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

const largest = 64 * 1024 * 1024

/** Text packed as gzip does; the time in it is none, so that the same text is always the same archive. */
export const packed = (text: string): string => textOf(gzipSync(bytesOf(text), { mtime: 0 }))

/** What was packed; undefined when it is no gzip. */
export function unpacked(text: string): string | undefined {
  // The size stands at the end.
  const size =
    text.length < 18
      ? Infinity
      : [4, 3, 2, 1].reduce((sum, back, at) => sum + text.charCodeAt(text.length - back) * 256 ** at, 0)
  if (!text.startsWith('\x1f\x8b\b') || size > largest) return undefined
  try {
    return textOf(gunzipSync(bytesOf(text)))
  } catch {
    return undefined
  }
}

interface Gzip {
  inputs: Inputs
  text: string
}

const gzip: Body = (call) => {
  const given = options(call, 'cdfkqvn123456789tl', { stdout: 'c', decompress: 'd', keep: 'k', force: 'f' })
  if (!given) return 1
  const unpack = call.name !== 'gzip' || given.has('d') || given.has('t')
  const show = call.name === 'zcat' || given.has('c')
  const paths = given.rest.filter((path) => path !== '-')
  if (paths.length > 0) {
    let code = 0
    for (const path of paths) code = file(call, path, unpack, show, given.has('k'), given.has('f')) || code
    return code
  }
  const data = call.data<Gzip>(() => ({ inputs: inputsOf([]), text: '' }))
  const wait = readInputs(call, data.inputs, {
    text: (chunk) => {
      data.text += chunk
    },
  })
  return wait ?? put(call, data.text, unpack, (text) => (call.out(text), true))
}

function put(call: Call, text: string, unpack: boolean, to: (text: string) => boolean): number {
  const result = unpack ? unpacked(text) : packed(text)
  if (result !== undefined) return to(result) ? 0 : 1
  call.say(text === '' ? 'short read' : 'invalid magic')
  return 1
}

function file(call: Call, path: string, unpack: boolean, show: boolean, keep: boolean, force: boolean): number {
  const status = call.system.status(path)
  if (isFailure(status)) return call.complain(path, status)
  const target = unpack ? path.replace(/\.gz$/, '').replace(/\.tgz$/, '.tar') : `${path}.gz`
  if (!show && target === path) {
    call.say(`${path}: unknown suffix - ignored`)
    return 1
  }
  if (!show && !force && !isFailure(call.system.status(target))) {
    call.say(`can't open '${target}': File exists`)
    return 1
  }
  const text = readFile(call, path)
  if (text === undefined) return 1
  const to = (result: string) => (show ? (call.out(result), true) : writeFile(call, target, result, status.mode))
  const code = put(call, text, unpack, to)
  if (code === 0 && !show && !keep) call.system.remove(path)
  return code
}

/** gzip and its kin. */
export const gzipTools = tools({ gzip, gunzip: gzip, zcat: gzip })
