import type { Plugin } from '../../framework/types.ts'

/** Tells the API server where a pod goes. Upstream: defaultbinder. */
export const defaultBinder: Plugin = {
  name: 'DefaultBinder',
  bind: ({ pod }, { name }, handle) => handle.bind(pod, name),
}
