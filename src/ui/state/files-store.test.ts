import { beforeEach, expect, test } from 'vitest'
import type { ApplyResult, Connection } from '../../bridge/protocol.ts'
import {
  addFile,
  applyFiles,
  changedFiles,
  checkFile,
  editFile,
  loadFiles,
  removeFile,
  renameFile,
  takeFiles,
  useFiles,
} from './files-store.ts'
import { connect } from './session.ts'

const result = (outcome: ApplyResult['result']): ApplyResult => ({
  document: 0,
  line: 1,
  object: 'v1 Pod a',
  result: outcome,
  problems: [],
})

/** A host that answers when the test says so. */
function slowHost() {
  const asked: { type: string; answer(value: unknown): void }[] = []
  const none = () => () => undefined
  connect({
    request: (({ type }: { type: string }) =>
      new Promise((answer) => asked.push({ type, answer }))) as Connection['request'],
    onDelta: none,
    onAutosave: none,
    onTerminal: none,
    onCrash: none,
    close: () => undefined,
  })
  return asked
}

beforeEach(() => loadFiles([{ name: 'a.yaml', text: 'kind: Pod' }], 'a.yaml', {}))

test('what an apply said is not overwritten by a check that was asked before it', async () => {
  const asked = slowHost()
  const check = checkFile('a.yaml')
  const apply = applyFiles(['a.yaml'])
  asked[1].answer({ ok: true, results: [result('created')] })
  await apply
  asked[0].answer({ results: [result('configured')] })
  await check
  expect(useFiles.getState().verdicts['a.yaml']).toMatchObject({ isCheck: false, results: [{ result: 'created' }] })
})

test('a check of a text that has changed since says nothing', async () => {
  const asked = slowHost()
  const check = checkFile('a.yaml')
  editFile('a.yaml', 'kind: Service')
  asked[0].answer({ results: [result('refused')] })
  await check
  expect(useFiles.getState().verdicts).toEqual({})
})

test('an apply that is refused as a whole marks the first line and loses nothing', async () => {
  const asked = slowHost()
  const apply = applyFiles(['a.yaml'])
  asked[0].answer({ ok: false, message: 'the cluster is gone' })
  expect(await apply).toMatchObject([{ result: 'refused', message: 'the cluster is gone' }])
  expect(useFiles.getState()).toMatchObject({ files: [{ text: 'kind: Pod' }], applied: {}, isApplying: false })
})

test('a file counts as changed until its text is what was applied', async () => {
  const asked = slowHost()
  expect(changedFiles(useFiles.getState())).toHaveLength(1)
  const apply = applyFiles(['a.yaml'])
  asked[0].answer({ ok: true, results: [result('created')] })
  await apply
  expect(changedFiles(useFiles.getState())).toHaveLength(0)
  editFile('a.yaml', 'kind: Service')
  expect(changedFiles(useFiles.getState())).toHaveLength(1)
})

test('files get free names', () => {
  expect([addFile('a.yaml'), addFile('a.yaml'), addFile('README')]).toEqual(['a-2.yaml', 'a-3.yaml', 'README'])
  expect(renameFile('a-2.yaml', 'a.yaml')).toBe(false)
  expect(renameFile('a-2.yaml', ' b.yaml ')).toBe(true)
  expect(useFiles.getState().files.map((file) => file.name)).toEqual(['a.yaml', 'b.yaml', 'a-3.yaml', 'README'])
})

test('removing the last file leaves an empty one; dropped files take its place', () => {
  removeFile('a.yaml')
  expect(useFiles.getState().files).toEqual([{ name: 'manifests.yaml', text: '' }])
  takeFiles([
    { name: 'x.yaml', text: 'x' },
    { name: 'y.yaml', text: 'y' },
  ])
  expect(useFiles.getState().files.map((file) => file.name)).toEqual(['x.yaml', 'y.yaml'])
})
