import { describe, expect, test } from 'vitest'
import { testHost, treeOf } from '../kernel/test-host.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { ash } from '../shell/program.ts'
import { tools } from './registry.ts'

/** Two containers: `server` at 10.0.0.9, and a client whose script is run; what one sends, the other gets a moment later. */
function ask(script: string, { server = 'httpd -f -p 80 -h /www', silent = false } = {}) {
  const list = [...Object.values(tools), ash]
  const image = treeOf({
    ...Object.fromEntries(list.map(({ name }) => [`/bin/${name}`, { program: name }])),
    '/etc/resolv.conf': 'nameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local\n',
    '/www/index.html': '<h1>hello</h1>\n',
    '/www/data.txt': 'data\n',
    '/www/cgi.sh': '#!/bin/sh\nread line\nprintf "HTTP/1.0 200 OK\\r\\n\\r\\nran: $line\\n"\n',
    '/tmp/': '',
  })
  const nodes = [testHost({}, list, image), testHost({}, list, image)]
  const kernels: Kernel[] = []
  let printed = ''
  const later: (() => void)[] = []
  for (const [side, node] of nodes.entries()) {
    const other = () => kernels[1 - side]!
    Object.assign(node.host, {
      now: () => nodes[0]!.time,
      output: (stream: string, _channel: string, text: string) => {
        if (stream === 's') printed += text
      },
      lookUp: (name: string) =>
        ['web', 'web.default.svc.cluster.local', 'web.default.svc.cluster.local.'].includes(name) ? ['10.0.0.9'] : [],
      reaches: (address: string) => (address === '10.0.0.9' ? 0.2 : undefined),
      addresses: () => [side === 0 ? '10.0.0.9' : '10.0.0.8'],
      connect: (socket: number, address: string, port: number) => {
        const name = `${side}-${socket}`
        if (address === '10.0.0.9' && !silent)
          later.push(() =>
            other().incoming(`to-${name}`, port, { address: '10.0.0.8', port: 40000 })
              ? kernels[side]!.connected(name)
              : kernels[side]!.refused(name, 'ECONNREFUSED'),
          )
        return name
      },
      send: (connection: string, text: string) => later.push(() => other().received(end(connection), text)),
      shut: (connection: string) => later.push(() => other().disconnected(end(connection))),
    })
  }
  const end = (name: string) => (name.startsWith('to-') ? name.slice(3) : `to-${name}`)
  kernels.push(nodes[0]!.boot(['sh', '-c', server]), nodes[1]!.boot(['sleep', 'infinity']))
  kernels[0]!.run()
  kernels[1]!.exec('s', ['sh', '-c', script], { env: { PATH: '/bin' }, cwd: '/tmp' })
  for (let turn = 0; turn < 10_000 && nodes[1]!.ended.length === 0; turn++) {
    for (const kernel of kernels) kernel.run()
    if (later.length > 0) for (const deliver of later.splice(0)) deliver()
    else {
      const wake = Math.min(...nodes.flatMap((node) => node.wakes.splice(0)).filter((time) => time > nodes[0]!.time))
      if (wake === Infinity) break
      nodes[0]!.time = wake
    }
  }
  return { printed, code: nodes[1]!.ended[0]?.[1].code }
}

describe('wget', () => {
  test.each([
    ['wget -q -O - http://web', '<h1>hello</h1>\n', 0],
    ['wget -qO- web/data.txt', 'data\n', 0],
    [
      'wget -O- web',
      /^Connecting to web \(10\.0\.0\.9:80\)\nwriting to stdout\n<h1>hello<\/h1>\n- +100% \|\*{32}\| +15 {2}0:00:00 ETA\nwritten to stdout\n$/,
      0,
    ],
    ['wget -q http://web/data.txt; cat data.txt', 'data\n', 0],
    ['wget -q http://web/data.txt; wget -q http://web/data.txt', "wget: can't open 'data.txt': File exists\n", 1],
    ['wget -q -O- http://web/nope', 'wget: server returned error: HTTP/1.1 404 Not Found\n', 1],
    ['wget -q -O- http://web:81', "wget: can't connect to remote host (10.0.0.9): Connection refused\n", 1],
    ['wget -q -O- http://nope', "wget: bad address 'nope'\n", 1],
    ['wget --spider -q web && echo there', 'there\n', 0],
    ['wget -T 2 -q -O- 10.9.9.9', 'wget: download timed out\n', 1],
    ['wget -S -q -O /dev/null web 2>&1 | head -n 1', '  HTTP/1.1 200 OK\n', 0],
  ])('%s', (script, expected, code) => {
    const answer = ask(script)
    if (typeof expected === 'string') expect(answer).toEqual({ printed: expected, code })
    else expect(answer.printed).toMatch(expected)
  })
})

describe('curl', () => {
  test.each([
    ['curl -s web', '<h1>hello</h1>\n', 0],
    ['curl -s -o /dev/null -w "%{http_code}\\n" http://web/data.txt', '200\n', 0],
    ["curl -sI web | head -n 1 | tr -d '\\r'", 'HTTP/1.1 200 OK\n', 0],
    ['curl -sf http://web/nope', '', 22],
    ['curl -sSf http://web/nope', 'curl: (22) The requested URL returned error: 404\n', 22],
    ['curl -s http://nope', '', 6],
    ['curl -sS http://nope', 'curl: (6) Could not resolve host: nope\n', 6],
    ['curl -sS http://web:81', /^curl: \(7\) Failed to connect to web port 81 after \d+ ms: /, 7],
    ['curl -sS --connect-timeout 1 http://10.9.9.9', 'curl: (28) Connection timed out after 1000 milliseconds\n', 28],
    ['curl -sS -m 2 http://10.9.9.9; echo $?', 'curl: (28) Connection timed out after 2000 milliseconds\n28\n', 0],
    ['curl -s --retry 2 --retry-connrefused http://web:81; echo $?', '7\n', 0],
    ['curl -sv web 2>&1 | grep -c "^[<>*]"', /^\d+\n$/, 0],
    ['curl', /^curl: \(2\) no URL specified\n/, 2],
    ['curl --nope web', /^curl: option --nope: is unknown\n/, 2],
    ['curl -s -L http://web/../www', /404/, 0],
  ])('%s', (script, expected, code) => {
    const answer = ask(script)
    if (typeof expected === 'string') expect(answer).toEqual({ printed: expected, code })
    else expect(answer.printed).toMatch(expected)
    expect(answer.code).toBe(code)
  })
})

describe('nc, telnet and who answers', () => {
  test.each([
    ['httpd -f -h /www', 'nc -z web 80; echo $?', '0\n'],
    ['httpd -f -h /www', 'nc -z web 81; echo $?', '1\n'],
    ['httpd -f -h /www', 'nc -zv web 80', 'web (10.0.0.9:80) open\n'],
    ['httpd -f -h /www', 'nc -zv web 81', 'nc: web (10.0.0.9:81): Connection refused\n'],
    ['httpd -f -h /www', 'nc -z -w 1 10.9.9.9 80; echo $?', 'nc: timed out\n1\n'],
    ['httpd -f -h /www', 'nc -z nope 80; echo $?', "nc: bad address 'nope'\n1\n"],
    ['nc -l -p 9 > /tmp/got', 'echo hi | nc web 9; echo $?', '0\n'],
    ['echo hi | nc -l -p 9', 'nc web 9 < /dev/null', 'hi\n'],
    [
      'nc -lk -p 9 -e sh /www/cgi.sh',
      'echo one | nc web 9 | tail -n 1; echo two | nc web 9 | tail -n 1',
      'ran: one\nran: two\n',
    ],
    ['httpd -f -h /www', 'printf "GET /data.txt HTTP/1.0\\r\\n\\r\\n" | nc web 80 | tail -n 1', 'data\n'],
    ['httpd -h /www; sleep 100', 'wget -qO- web/data.txt', 'data\n'],
    ['sleep 1', 'ping -c 2 web | tail -n 2 | head -n 1', '2 packets transmitted, 2 packets received, 0% packet loss\n'],
    ['sleep 1', 'ping -c 1 -W 1 10.9.9.9 > /dev/null; echo $?', '1\n'],
    ['sleep 1', 'ping -c 1 nope', "ping: bad address 'nope'\n"],
  ])('%s: %s', (server, script, expected) => {
    expect(ask(script, { server }).printed).toBe(expected)
  })

  test.each([
    ['getent hosts web', '10.0.0.9        web.default.svc.cluster.local\n', 0],
    ['getent hosts nope', '', 2],
    ['getent ahosts web | head -n 1', '10.0.0.9        STREAM web.default.svc.cluster.local\n', 0],
    ['getent hosts 10.0.0.9', '', 2],
    ['echo "10.1.1.1 one uno" > /etc/hosts; getent hosts uno; getent hosts', '10.1.1.1        one uno\n'.repeat(2), 0],
    [
      'touch /etc/alpine-release; getent hosts web | tr -s " "',
      /^10.0.0.9 (web.default.svc.cluster.local) \1 web\n$/,
      0,
    ],
  ])('%s', (script, expected, code) => {
    const answer = ask(script)
    if (typeof expected === 'string') expect(answer).toEqual({ printed: expected, code })
    else expect(answer.printed).toMatch(expected)
  })

  const listening = 'nc -lk -p 9 > /dev/null & sleep 1; '
  const head =
    'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       '
  test.each([
    ['netstat -tln', `${head}\ntcp        0      0 0.0.0.0:9               0.0.0.0:*               LISTEN      \n`],
    [
      'netstat -tlnp',
      `${head}PID/Program name    \ntcp        0      0 0.0.0.0:9               0.0.0.0:*               LISTEN      3/nc\n`,
    ],
    ['netstat -uln', `${head}\n`],
    [
      'sleep 5 | nc web 80 & sleep 1; netstat -tn | tail -n 1',
      'tcp        0      0 10.0.0.8:0              10.0.0.9:80             ESTABLISHED \n',
    ],
    [
      'ss -tln',
      'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nLISTEN 0      4096         0.0.0.0:9         0.0.0.0:*          \n',
    ],
    ['ss -Htlnp', 'LISTEN 0 4096 0.0.0.0:9 0.0.0.0:* users:(("nc",pid=3,fd=3))\n'],
    ['sleep 5 | nc web 80 & sleep 1; ss -Htn', 'ESTAB 0 0 10.0.0.8:0 10.0.0.9:80\n'],
  ])('%s beside who listens', (script, expected) => {
    expect(ask(listening + script).printed).toBe(expected)
  })

  test('nslookup tells the full name', () => {
    expect(ask('nslookup web; nslookup nope').printed).toBe(
      'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.0.0.9\n\n' +
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find nope.default.svc.cluster.local: NXDOMAIN\n\n",
    )
  })

  test('dig and host read names too', () => {
    expect(ask('dig +short web.default.svc.cluster.local; dig +short web +search; host web; host nope').printed).toBe(
      '10.0.0.9\n10.0.0.9\nweb.default.svc.cluster.local has address 10.0.0.9\nHost nope not found: 3(NXDOMAIN)\n',
    )
  })
})
