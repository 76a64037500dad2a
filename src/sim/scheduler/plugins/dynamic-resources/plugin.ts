import type { Plugin } from '../../framework/types.ts'

/**
 * Only its words: no device is allocated here. When a preFilter refused the pod, upstream's plugin does not find what it
 * would have noted in its own, and that ends the trying.
 */
export const dynamicResources: Plugin = {
  name: 'DynamicResources',
  postFilter: ({ filtering }) =>
    filtering.refusedBy
      ? { message: 'not found', isError: true }
      : { message: 'no new claims to deallocate', keepsNomination: true },
}
