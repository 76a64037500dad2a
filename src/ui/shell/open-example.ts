import type { Example } from '../../playground/examples/example.ts'
import { applyFiles } from '../state/files-store.ts'
import { createPlayground } from '../state/playgrounds.ts'

/** Opens an example as a playground of its own, with what it begins with applied. */
export async function openExample(example: Example, name: string): Promise<void> {
  await createPlayground({ name, files: example.files, shape: example.shape, example: example.id })
  await applyFiles(example.applied)
}
