import { arrange } from './lenses/arrange.ts'
import type { LayoutAnswer, LayoutRequest } from './lenses/layout-request.ts'

// The page's DOM types stand for the worker's own global here; both have these two.
const scope = globalThis as unknown as {
  postMessage(message: { id: number; answer: LayoutAnswer }): void
  addEventListener(type: 'message', listener: (event: { data: { id: number; request: LayoutRequest } }) => void): void
}

scope.addEventListener('message', ({ data: { id, request } }) => scope.postMessage({ id, answer: arrange(request) }))
