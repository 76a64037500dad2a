import { initialize as initializeEditorWorker } from 'monaco-editor/editor/editor.worker.js'

/** What monaco-yaml's worker imports as `monaco-worker-manager/worker`; the first message only wakes it up. */
export function initialize<C>(create: (context: unknown, createData: C) => object): void {
  self.onmessage = () => {
    initializeEditorWorker((context: unknown, createData: C) => Object.create(create(context, createData)))
  }
}
