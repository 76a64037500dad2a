import { Inflate, deflateSync, strFromU8, strToU8 } from 'fflate'
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import type { Playground } from './model.ts'
import { isTooDeep, PlaygroundError, readPlayground } from './validate.ts'

/** Of the fragment's characters: above the first some programs cut links, above the second we offer a file. */
export const linkLimits = { warn: 2_000, file: 8_000 } as const

const maximumFragment = 64 * 1024
const maximumInflated = 2 * 1024 * 1024
const maximumFile = 16 * 1024 * 1024
// Deflate expands at most 1032 times, so one push yields at most half a megabyte beyond the limit.
const pushBytes = 512

/** Why a link or a file does not open. `detail` names the place, in the words of the format. */
export type ShareProblem = 'notALink' | 'newerVersion' | 'tooLong' | 'damaged' | 'tooLarge' | 'invalid'

export type Opened =
  | { readonly ok: true; readonly playground: Playground }
  | { readonly ok: false; readonly problem: ShareProblem; readonly detail?: string }

/** `1.` and the deflated playground in base64url: what follows the `#` of a link. */
export function encodeFragment(playground: Playground): string {
  return `1.${toBase64Url(deflateSync(strToU8(JSON.stringify(playground)), { level: 9 }))}`
}

/** Reads a link's fragment, with or without its `#`. Never throws: whatever is in a link, there is an answer. */
export function decodeFragment(fragment: string): Opened {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment
  const tag = /^(\d+)\./.exec(text)
  if (!tag) return { ok: false, problem: 'notALink' }
  if (Number(tag[1]) > 1) return { ok: false, problem: 'newerVersion' }
  if (text.length > maximumFragment) return { ok: false, problem: 'tooLong' }
  const bytes = fromBase64Url(text.slice(tag[0].length))
  if (!bytes || bytes.length === 0) return { ok: false, problem: 'damaged' }
  const inflated = inflateBounded(bytes)
  return typeof inflated === 'string' ? { ok: false, problem: inflated } : parsePlayground(strFromU8(inflated))
}

/** A playground as a file's text, for what is too long for a link. */
export function toFileText(playground: Playground): string {
  return `${JSON.stringify(playground, null, 2)}\n`
}

export function fromFileText(text: string): Opened {
  return text.length > maximumFile ? { ok: false, problem: 'tooLarge' } : parsePlayground(text)
}

function parsePlayground(json: string): Opened {
  if (isTooDeep(json)) return { ok: false, problem: 'invalid', detail: 'nested too deeply' }
  try {
    return { ok: true, playground: readPlayground(JSON.parse(json)) }
  } catch (error) {
    if (error instanceof PlaygroundError) {
      return { ok: false, problem: error.path === 'version' ? 'newerVersion' : 'invalid', detail: error.message }
    }
    return { ok: false, problem: 'damaged' }
  }
}

function inflateBounded(bytes: Uint8Array): Uint8Array | 'tooLarge' | 'damaged' {
  const chunks: Uint8Array[] = []
  let total = 0
  const inflate = new Inflate((chunk) => {
    total += chunk.length
    // Copied: the decompressor goes on using its buffer.
    chunks.push(chunk.slice())
  })
  try {
    for (let i = 0; i < bytes.length; i += pushBytes) {
      inflate.push(bytes.subarray(i, i + pushBytes), i + pushBytes >= bytes.length)
      if (total > maximumInflated) return 'tooLarge'
    }
  } catch {
    return 'damaged'
  }
  const all = new Uint8Array(total)
  chunks.reduce((offset, chunk) => {
    all.set(chunk, offset)
    return offset + chunk.length
  }, 0)
  return all
}

/** What a link is made of, and how many of its characters each part takes. */
export type SharePart = 'files' | 'cluster' | 'actions' | 'view'

export function sizesOf(playground: Playground): Record<SharePart, number> & { readonly total: number } {
  const { camera: _, ...rest } = playground
  const bare: Playground = { ...rest, files: [], journal: [], until: 0 }
  const lengths = [bare, { ...bare, files: playground.files }, { ...rest, until: 0 }, playground].map(
    (each) => encodeFragment(each).length,
  )
  return {
    cluster: lengths[0],
    files: lengths[1] - lengths[0],
    actions: lengths[2] - lengths[1],
    view: lengths[3] - lengths[2],
    total: lengths[3],
  }
}
