import { type Body, tools } from './tool.ts'

const mac = (address: string) =>
  ['02', '00', ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':')
const gatewayOf = (address: string) => address.replace(/\.\d+$/, '.1')

const ip: Body = (call) => {
  const [what = '', ...rest] = call.args.filter((arg) => !arg.startsWith('-'))
  const address = call.system.addresses[0] ?? '127.0.0.1'
  if ('address'.startsWith(what) && what !== '') {
    const lo =
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n'
    const eth = `2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1450 qdisc noqueue state UP qlen 1000\n    link/ether ${mac(address)} brd ff:ff:ff:ff:ff:ff\n    inet ${address}/24 brd ${address.replace(/\.\d+$/, '.255')} scope global eth0\n       valid_lft forever preferred_lft forever\n`
    call.out(rest.includes('eth0') ? eth : rest.includes('lo') ? lo : lo + eth)
    return 0
  }
  if ('route'.startsWith(what) && what !== '') {
    const gateway = gatewayOf(address)
    call.out(
      `default via ${gateway} dev eth0 \n${address.replace(/\.\d+$/, '.0')}/24 dev eth0 scope link  src ${address} \n`,
    )
    return 0
  }
  if ('link'.startsWith(what) && what !== '') {
    call.out(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1450 qdisc noqueue state UP qlen 1000\n    link/ether ${mac(address)} brd ff:ff:ff:ff:ff:ff\n`,
    )
    return 0
  }
  return call.usage('[OPTIONS] address|route|link [ARGS]')
}

const ifconfig: Body = (call) => {
  const address = call.system.addresses[0] ?? '127.0.0.1'
  call.out(
    `eth0      Link encap:Ethernet  HWaddr ${mac(address).toUpperCase()}  \n          inet addr:${address}  Bcast:${address.replace(/\.\d+$/, '.255')}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1450  Metric:1\n\nlo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n`,
  )
  return 0
}

const route: Body = (call) => {
  const address = call.system.addresses[0] ?? '127.0.0.1'
  const row = (...cells: string[]) =>
    `${cells.map((cell, at) => (at === 7 ? cell : cell.padEnd([16, 16, 16, 6, 7, 7, 4][at]!))).join('')}\n`
  call.out('Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n')
  call.out(
    row(
      call.args.includes('-n') ? '0.0.0.0' : 'default',
      gatewayOf(address),
      '0.0.0.0',
      'UG',
      '0',
      '0',
      '  0',
      ' eth0',
    ),
  )
  call.out(
    row(
      address.replace(/\.\d+$/, '.0'),
      call.args.includes('-n') ? '0.0.0.0' : '*',
      '255.255.255.0',
      'U',
      '0',
      '0',
      '  0',
      ' eth0',
    ),
  )
  return 0
}

/** Tools that show a pod's interfaces. */
export const interfaceTools = tools({ ip, ifconfig, route })
