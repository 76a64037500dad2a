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

/** CPU seconds until so many replicas are ready. */
async function run(nodes, pods) {
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
  await cluster.close()
  return (user + system) / 1e6
}

const results = []
for (const [nodes, pods] of JSON.parse(process.argv[2])) results.push(await run(nodes, pods))
console.log(JSON.stringify(results))
process.exit(0)
