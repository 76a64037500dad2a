import type * as Monaco from 'monaco-editor'

/**
 * What monaco-yaml imports as `monaco-worker-manager` (vite.config.ts says so): since monaco-editor 0.53 an editor's
 * worker is made by the page, which hands it what it was made with as its second message.
 */
export function createWorkerManager<T extends object, C>(
  monaco: Pick<typeof Monaco, 'editor'>,
  options: { createData?: C },
) {
  let createData = options.createData
  let client: { withSyncedResources(resources: unknown[]): Promise<T>; dispose(): void } | undefined
  const stop = () => {
    client?.dispose()
    client = undefined
  }
  const start = () => {
    const worker = self.MonacoEnvironment?.getWorker?.('', 'yaml') as Worker
    worker.postMessage('ignore')
    worker.postMessage(createData)
    return monaco.editor.createWebWorker<T>({ worker } as never)
  }
  return {
    dispose: stop,
    getWorker: (...resources: unknown[]): Promise<T> => {
      client ??= start() as unknown as NonNullable<typeof client>
      return client.withSyncedResources(resources)
    },
    updateCreateData(next: C): void {
      createData = next
      stop()
    },
  }
}
