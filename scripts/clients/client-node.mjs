// @kubernetes/client-node against a served cluster: informers through a disconnect and a compaction, exec, logs, port-forward.
import { connect, createServer } from 'node:net'
import { resolve } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { directory } from './fetch.mjs'
import { configMap, configMaps, expect, pause, runChecks, serveCluster, until } from './served.mjs'

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
}

/** A cable between client and server that can be cut. */
async function cable(target) {
  const sockets = new Set()
  let isCut = false
  const server = createServer((socket) => {
    if (isCut) return socket.destroy()
    const other = connect(Number(target.port), target.hostname)
    for (const one of [socket, other]) {
      sockets.add(one)
      one.on('error', () => one.destroy())
      one.on('close', () => sockets.delete(one))
    }
    socket.pipe(other).pipe(socket)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: server.address().port,
    cut: () => {
      isCut = true
      for (const one of sockets) one.destroy()
    },
    mend: () => (isCut = false),
    close: () => {
      for (const one of sockets) one.destroy()
      server.close()
    },
  }
}

export async function runClientNode() {
  const k8s = await import(
    pathToFileURL(resolve(directory, 'library/node_modules/@kubernetes/client-node/dist/index.js')).href
  )
  // A hundred virtual seconds each second: what is older than some minutes is compacted soon.
  const served = await serveCluster(['--speed', '100'])
  const line = await cable(new URL(served.server))
  const config = new k8s.KubeConfig()
  config.loadFromFile(served.kubeconfig)
  config.clusters = config.clusters.map((one) => ({ ...one, server: `https://127.0.0.1:${line.port}` }))
  const core = config.makeApiClient(k8s.CoreV1Api)
  const names = async () =>
    (await served.call('GET', configMaps)).json.items
      .map((one) => `${one.metadata.name}=${one.data?.value ?? ''}`)
      .sort()
  try {
    return await runChecks('client-node', {
      'an informer sees what is there, what changes, and what goes': async () => {
        const { informer, seen } = await inform()
        await served.call('POST', configMaps, configMap('a', '1'))
        await served.call('PUT', `${configMaps}/a`, configMap('a', '2'))
        await until('the change is seen', () => seen.includes('update a=2'))
        await served.call('DELETE', `${configMaps}/a`)
        await until('the end is seen', () => seen.includes('delete a=2'))
        expect(
          'order',
          seen.filter((one) => / a=/.test(one)),
          ['add a=1', 'update a=2', 'delete a=2'],
        )
        await informer.stop()
      },
      'an informer goes on after a short disconnect': async () => {
        const { informer, known } = await inform()
        line.cut()
        await served.call('POST', configMaps, configMap('while-cut', '1'))
        await pause(300)
        line.mend()
        await until('what happened meanwhile is known', () => known().includes('while-cut=1'))
        expect('everything', known(), await names())
        await informer.stop()
      },
      'an informer lists again when what it knew is compacted': async () => {
        await served.call('POST', configMaps, configMap('goes', '1'))
        const { informer, known, seen, errors } = await inform()
        await until('known', () => known().includes('goes=1'))
        const before = (await served.call('GET', configMaps)).json.metadata.resourceVersion
        line.cut()
        await served.call('DELETE', `${configMaps}/goes`)
        await served.call('POST', configMaps, configMap('comes', '1'))
        await until(
          'the old revision is gone',
          async () => {
            const { json } = await served.call(
              'GET',
              `${configMaps}?resourceVersion=${before}&resourceVersionMatch=Exact`,
            )
            return json.code === 410
          },
          60_000,
        )
        line.mend()
        await until('the new object is known', () => known().includes('comes=1'), 40_000)
        await until('the old one is known to be gone', () => seen.includes('delete goes=1'))
        expect('everything', known(), await names())
        expect(
          'errors other than being cut off',
          errors.filter((one) => !/ECONN|socket|410|premature|aborted|terminated|fetch/i.test(one)),
          [],
        )
        await informer.stop()
      },
      'objects of any kind are made, changed and removed': async () => {
        const objects = k8s.KubernetesObjectApi.makeApiClient(config)
        const made = await objects.create({ ...configMap('any', '1'), metadata: { name: 'any', namespace: 'default' } })
        const patched = await objects.patch({
          ...made,
          metadata: { ...made.metadata, managedFields: undefined },
          data: { value: '3' },
        })
        expect('patched', patched.data, { value: '3' })
        await objects.delete(made)
        expect('gone', (await served.call('GET', `${configMaps}/any`)).status, 404)
      },
      'exec answers with output and an exit code': async () => {
        await core.createNamespacedPod({ namespace: 'default', body: pod })
        await until('the pod is ready', async () => {
          const { json } = await served.call('GET', '/api/v1/namespaces/default/pods/web')
          return json.status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')
        })
        const said = await run(['sh', '-c', 'cat; echo done >&2; exit 3'], 'typed\n')
        expect('what came', said, { stdout: 'typed\n', stderr: 'done\n', exit: '3' })
      },
      'logs are read and followed': async () => {
        const log = new k8s.Log(config)
        const stream = new PassThrough()
        let text = ''
        stream.on('data', (chunk) => (text += chunk))
        const stop = await log.log('default', 'web', 'main', stream, { follow: true, tailLines: 5 })
        expect('a request', (await run(['curl', '-s', '-o', '/dev/null', 'http://localhost/'], '')).exit, '0')
        await until('the request is in the log', () => text.includes('GET / HTTP/1'))
        stop.abort()
      },
      'a port is forwarded': async () => {
        const forward = new k8s.PortForward(config)
        const server = createServer((socket) => {
          forward.portForward('default', 'web', [80], socket, null, socket)
        })
        await new Promise((done) => server.listen(0, '127.0.0.1', done))
        let text = ''
        const socket = connect(server.address().port, '127.0.0.1', () =>
          socket.write('GET / HTTP/1.0\r\nHost: web\r\n\r\n'),
        )
        socket.on('data', (chunk) => (text += chunk))
        await until('an answer', () => text.includes('</html>'))
        expect('status', /^HTTP\/1\.\d 200/.test(text), true)
        socket.destroy()
        server.close()
      },
    })
  } finally {
    line.close()
    await served.stop()
  }

  async function inform() {
    const seen = []
    const errors = []
    const list = () => core.listNamespacedConfigMap({ namespace: 'default' })
    const informer = k8s.makeInformer(config, '/api/v1/namespaces/default/configmaps', list)
    for (const event of ['add', 'update', 'delete'])
      informer.on(event, (one) => seen.push(`${event} ${one.metadata.name}=${one.data?.value ?? ''}`))
    let stopped = false
    // As its documentation says: an informer that failed is started again by whoever made it.
    informer.on('error', (error) => {
      errors.push(`${error?.message ?? error}`)
      if (!stopped) setTimeout(() => informer.start().catch(again), 200)
    })
    const again = (error) => {
      errors.push(`${error?.message ?? error}`)
      if (!stopped) setTimeout(() => informer.start().catch(again), 200)
    }
    await informer.start()
    const known = () =>
      informer
        .list()
        .map((one) => `${one.metadata.name}=${one.data?.value ?? ''}`)
        .sort()
    const stop = () => {
      stopped = true
      return informer.stop()
    }
    return { informer: { stop }, known, seen, errors }
  }

  async function run(command, input) {
    const gathered = { stdout: '', stderr: '' }
    const sink = (name) =>
      new Writable({
        write(chunk, _encoding, done) {
          gathered[name] += chunk
          done()
        },
      })
    const stdin = new PassThrough()
    stdin.end(input)
    const exec = new k8s.Exec(config)
    const status = await new Promise((done, fail) => {
      exec.exec('default', 'web', 'main', command, sink('stdout'), sink('stderr'), stdin, false, done).catch(fail)
      setTimeout(() => fail(new Error('exec did not end')), 20_000).unref()
    })
    return { ...gathered, exit: status.details?.causes?.[0]?.message ?? '0' }
  }
}
