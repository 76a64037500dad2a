import { formatDate } from '../tools/date-format.ts'
import { body, type Simple } from './simple.ts'
import { page } from './static-files.ts'

const metrics = (name: string) =>
  `# HELP ${name}_build_info A metric with a constant '1' value.\n# TYPE ${name}_build_info gauge\n${name}_build_info 1\n`
const ok = 'ok'
const klog = 'I{%m%d %H:%M:%S}.000000       1 '
const logfmt = 'time={%Y-%m-%dT%H:%M:%S}.000Z level=INFO '

/** What runs and watches a cluster, and servers of some size. */
export const clusterParts: Readonly<Record<string, Simple>> = {
  prometheus: {
    ports: [9090],
    memoryMiB: 80,
    milliCPU: 10,
    startupMs: 900,
    log: `${logfmt}source=main.go:735 msg="Starting Prometheus Server" mode=server version="(version=3.5.0, branch=HEAD)"`,
    ready: `${logfmt}source=main.go:1288 msg="Server is ready to receive web requests."`,
    routes: {
      '/-/healthy': 'Prometheus Server is Healthy.\n',
      '/-/ready': 'Prometheus Server is Ready.\n',
      '/metrics': metrics('prometheus'),
      '/': '<a href="/query">Found</a>.\n\n',
    },
    stop: {
      TERM: {
        ms: 100,
        log: `${logfmt}source=main.go:1027 msg="Received an OS signal, exiting gracefully..." signal=terminated\n${logfmt}source=main.go:1470 msg="See you next time!"`,
      },
      HUP: { reload: true },
    },
  },
  grafana: {
    ports: [3000],
    memoryMiB: 95,
    milliCPU: 5,
    startupMs: 3000,
    log: 'logger=settings t={%Y-%m-%dT%H:%M:%S}Z level=info msg="Starting Grafana" version=12.1.1',
    ready:
      'logger=http.server t={%Y-%m-%dT%H:%M:%S}Z level=info msg="HTTP Server Listen" address=[::]:{port} protocol=http subUrl= socket=',
    routes: {
      '/api/health': '{\n  "database": "ok",\n  "version": "12.1.1"\n}',
      '/login': '<!DOCTYPE html><html><title>Grafana</title></html>',
      '/healthz': 'Ok',
      '/metrics': metrics('grafana'),
      '/': '<a href="/login">Found</a>.\n',
    },
  },
  node_exporter: {
    ports: [9100],
    memoryMiB: 12,
    ready: `${logfmt}source=node_exporter.go:216 msg="Starting node_exporter"`,
    routes: { '/metrics': metrics('node_exporter'), '/': '<html><title>Node Exporter</title></html>' },
  },
  exporter: {
    ports: [9121],
    memoryMiB: 10,
    routes: {
      '/metrics': metrics('exporter'),
      '/health': ok,
      '/healthz': ok,
      '/': '<html><title>Exporter</title></html>',
    },
  },
  'kube-state-metrics': {
    ports: [8080, 8081],
    memoryMiB: 20,
    ready: `${klog}server.go:199] "Started metrics server" metricsServerAddress="[::]:{port}"`,
    routes: { '/healthz': 'OK', '/livez': 'OK', '/readyz': 'OK', '/metrics': metrics('kube_state_metrics') },
  },
  'metrics-server': {
    ports: [10250, 4443],
    memoryMiB: 20,
    milliCPU: 4,
    startupMs: 800,
    ready: `${klog}secure_serving.go:211] Serving securely on [::]:{port}`,
    routes: { '/livez': ok, '/readyz': ok, '/healthz': ok },
  },
  coredns: {
    ports: [53, 8080, 8181, 9153],
    memoryMiB: 14,
    milliCPU: 2,
    opaque: true,
    ready: '.:53\n[INFO] plugin/reload: Running configuration SHA512 = 0\nCoreDNS-1.12.1\nlinux/amd64, go1.24.1',
    routes: { '/health': 'OK', '/ready': 'OK', '/metrics': metrics('coredns') },
    stop: {
      TERM: {
        ms: 5000,
        log: '[INFO] SIGTERM: Shutting down servers then terminating\n[INFO] plugin/health: Going into lameduck mode for 5s',
      },
    },
  },
  'kube-proxy': {
    ports: [10256, 10249],
    memoryMiB: 18,
    ready: `${klog}server_linux.go:146] "Using iptables Proxier"`,
    routes: { '/healthz': '{}', '/metrics': '' },
  },
  controller: {
    ports: [8080, 8081, 9443, 9120, 7472],
    memoryMiB: 24,
    milliCPU: 2,
    startupMs: 500,
    ready: `${klog}main.go:1] "starting controller"`,
    routes: { '/healthz': ok, '/readyz': ok, '/livez': ok, '/metrics': '' },
    other: ok,
  },
  'nginx-ingress-controller': {
    ports: [80, 443, 8443, 10254, 10246],
    memoryMiB: 90,
    milliCPU: 3,
    startupMs: 1500,
    ready: `-------------------------------------------------------------------------------\nNGINX Ingress controller\n  Release:       v1.13.2\n  Repository:    https://github.com/kubernetes/ingress-nginx\n-------------------------------------------------------------------------------\n${klog}nginx.go:319] "Starting NGINX process"`,
    routes: { '/healthz': '' },
    other: () =>
      body(
        '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
        404,
      ),
  },
  fluentd: {
    ports: [24224, 24231],
    memoryMiB: 60,
    milliCPU: 4,
    startupMs: 1500,
    opaque: true,
    log: '{%Y-%m-%d %H:%M:%S} +0000 [info]: parsing config file is succeeded path="/fluentd/etc/fluent.conf"',
    ready: '{%Y-%m-%d %H:%M:%S} +0000 [info]: #0 fluentd worker is now running worker=0',
    stop: { TERM: { ms: 300, log: '{%Y-%m-%d %H:%M:%S} +0000 [info]: Received graceful stop' } },
  },
  'fluent-bit': {
    ports: [2020],
    memoryMiB: 12,
    ready: '[{%Y/%m/%d %H:%M:%S}] [ info] [http_server] listen iface=0.0.0.0 tcp_port={port}',
  },
  registry: {
    ports: [5000],
    memoryMiB: 15,
    ready: 'time="{%Y-%m-%dT%H:%M:%SZ}" level=info msg="listening on [::]:{port}" go.version=go1.23.7',
    routes: { '/v2/': '{}', '/': '' },
    stop: { TERM: { code: 2 } },
  },
  jenkins: {
    ports: [8080, 50000],
    memoryMiB: 500,
    startupMs: 15000,
    log: 'Running from: /usr/share/jenkins/jenkins.war',
    ready:
      '{%Y-%m-%d %H:%M:%S}.000+0000 [id=24]\tINFO\thudson.lifecycle.Lifecycle#onReady: Jenkins is fully up and running',
    routes: { '/login': '<html><title>Sign in - Jenkins</title></html>' },
    other: () => body('<html>Authentication required</html>', 403),
    stop: { TERM: { ms: 1500, code: 143 } },
  },
  gitea: {
    ports: [3000, 22],
    memoryMiB: 110,
    startupMs: 2500,
    routes: { '/api/healthz': '{"status":"pass"}', '/': '<html><title>Gitea</title></html>' },
  },
  nextcloud: {
    ports: [80],
    memoryMiB: 60,
    startupMs: 3000,
    routes: { '/status.php': '{"installed":false}' },
    other: '<html><title>Nextcloud</title></html>',
  },
  catalina: {
    ports: [8080],
    memoryMiB: 120,
    startupMs: 2500,
    log: '{%d-%b-%Y %H:%M:%S}.000 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server version name:   Apache Tomcat/11.0.10',
    ready:
      '{%d-%b-%Y %H:%M:%S}.000 INFO [main] org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]\n{%d-%b-%Y %H:%M:%S}.000 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [431] milliseconds',
    other: () => page(404, 'Not Found'),
    stop: { TERM: { ms: 300, code: 143 } },
  },
  chromedriver: {
    ports: [4444, 7900],
    memoryMiB: 300,
    startupMs: 3000,
    routes: { '/wd/hub/status': '{"value":{"ready":true}}', '/status': '{"value":{"ready":true}}' },
    other: ok,
  },
  jaeger: {
    ports: [16686, 4317, 4318, 14250, 14268, 14269, 9411, 5778],
    memoryMiB: 40,
    opaque: true,
    routes: { '/': ok, '/search': '<html><title>Jaeger UI</title></html>' },
  },
  'liveness-server': {
    ports: [8080],
    memoryMiB: 6,
    startupMs: 20,
    // Fine for ten seconds, then not any more: what the documentation shows a liveness probe with.
    other: (_request, system) => {
      const ms = system.now() - system.process.startedMs
      return ms < 10_000 ? { status: 200, body: ok } : { status: 500, body: `error: ${formatDate('%S', ms)}` }
    },
  },
}
