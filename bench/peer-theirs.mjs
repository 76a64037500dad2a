// The peer's side: one Deployment until all replicas are ready, on its own clock. Bundled with the peer by peer.mjs.
import { BaseImage, Cluster } from '@ngrok/webernetes'

class Web extends BaseImage {
  static imageName = 'web'
  static imageVersion = '1.0'
  defaultCommand = ['server']
  async exec(context) {
    context.listenHttp(80, async () => ({ statusCode: 200, body: 'ok\n' }))
    return await context.waitUntilKilled()
  }
}

const [nodes, pods] = process.argv.slice(2).map(Number)
const start = process.cpuUsage()
const cluster = new Cluster({ nodes })
cluster.registerImage(Web)
await cluster.init()
await cluster.apply([
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: pods,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:1.0', ports: [{ containerPort: 80 }] }] },
      },
    },
  },
])
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 500))
  const deployment = await cluster.api.appsv1.readNamespacedDeployment({ name: 'web', namespace: 'default' })
  if ((deployment.status?.readyReplicas ?? 0) >= pods) break
}
const { user, system } = process.cpuUsage(start)
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6 }))
process.exit(0)
