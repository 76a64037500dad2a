import type { Playground } from '../src/playground/model.ts'
import { engineVersion, playgroundVersion } from '../src/playground/model.ts'
import { encodeFragment } from '../src/playground/share.ts'

const deployment = (name: string, replicas: number, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: app
          image: ${image}
          resources: { requests: { cpu: 100m, memory: 64Mi } }
`

/** What the scene applies: half a thousand pods take another image. */
export const rollText = deployment('roller', 500, 'nginx:1.28')

/** The shop of the examples, one file. */
export const shopText = ['web', 'catalog', 'db'].map((name) => deployment(name, 3, 'nginx')).join('---\n')

/** A link's fragment: a cluster of that size, all its pods up. */
export function linkTo(nodes: number, pods: number): string {
  const text = [deployment('roller', 500, 'nginx:1.27'), deployment('steady', pods - 500, 'nginx:1.27')].join('---\n')
  const machines = Array.from({ length: nodes }, (_, index) => ({
    name: `node-${index + 1}`,
    zone: `zone-${'abc'[index % 3]}`,
    cpu: '16',
    memory: '64Gi',
  }))
  const playground: Playground = {
    version: playgroundVersion,
    engine: engineVersion,
    name: `${nodes} nodes`,
    files: [{ name: 'roll.yaml', text: rollText }],
    shape: { name: 'large', seed: 1, machines },
    journal: [{ at: 5_000, action: { type: 'apply', file: 'all.yaml', text } }],
    until: 180_000,
  }
  return encodeFragment(playground)
}
