import { describe, expect, test } from 'vitest'
import { Kernel } from './kernel.ts'
import { testHost } from './test-host.ts'
import type { Program, ProcessState, System } from './types.ts'
import { isFailure } from './walk.ts'

/** A program that runs a function again and again. */
const program = (name: string, step: Program['step']): Program => ({ name, step })

const sleeper = program('sleeper', (system) => {
  const until = (system.process.memory as number | null) ?? system.now() + 1000
  system.process.memory = until
  return system.now() >= until ? { exit: 0 } : { for: 'time', until }
})
const spinner = program('spinner', (system) => {
  while (system.spend(1)) continue
  return 'again'
})
const once = (name: string, act: (system: System) => number) => program(name, (system) => ({ exit: act(system) }))

const files = { '/bin/sleeper': 'sleeper', '/bin/spinner': 'spinner', '/etc/passwd': undefined }

describe('starting', () => {
  test.each([
    [['/x'], 'exec: "/x": stat /x: no such file or directory'],
    [['x'], 'exec: "x": executable file not found in $PATH'],
    [['/etc/passwd'], 'exec: "/etc/passwd": permission denied'],
    [['/etc'], 'exec: "/etc": is a directory'],
    [['/etc/passwd/x'], 'exec: "/etc/passwd/x": stat /etc/passwd/x: not a directory'],
  ])('%j fails in the words of runc', (argv, failure) => {
    const { host, programs } = testHost(files, [sleeper])
    expect(Kernel.boot({ argv, env: {}, hostname: 'h', mounts: [] }, host, programs)).toEqual({ failure })
  })

  test('a file with no known format says so and ends with 255', () => {
    const node = testHost({ '/run.sh': undefined }, [])
    const image = node.host.imageRoot().entries['run.sh']!
    Object.assign(image, { mode: 0o755, data: 'echo hi' })
    const kernel = node.boot(['/run.sh'])
    expect(node.output).toEqual(['exec /run.sh: exec format error\n'])
    expect(kernel.state.processes[1]!.ended).toEqual({ code: 255 })
  })

  test('a working directory that is missing is made', () => {
    const node = testHost(files, [sleeper])
    const kernel = node.boot(['sleeper'], { cwd: '/a/b' })
    expect(kernel.state.processes[1]!.cwd).toBe('/a/b')
    expect(kernel.state.processes[1]!.env['HOME']).toBe('/root')
  })
})

describe('signals', () => {
  test('the first process ignores what it does not handle, and is killed by KILL', () => {
    const node = testHost(files, [sleeper])
    const kernel = node.boot(['sleeper'])
    kernel.run()
    kernel.signal('TERM')
    kernel.run()
    expect(node.ended).toEqual([])
    kernel.signal('KILL')
    expect(node.ended).toEqual([['', { code: 137, signal: 'KILL' }]])
  })

  test('others end by a signal, become zombies, and are reaped by their parent', () => {
    const seen: unknown[] = []
    const parent = program('parent', (system) => {
      if (system.process.memory === null) {
        const pid = system.spawn(['sleeper']) as number
        system.process.memory = pid
        system.kill(pid, 'TERM')
        seen.push(system.processes().find((one) => one.pid === pid)?.ended)
        return { for: 'child' }
      }
      seen.push(system.reap())
      return { exit: 3 }
    })
    const node = testHost({ ...files, '/bin/parent': 'parent' }, [sleeper, parent])
    node.boot(['parent']).run()
    const status = { code: 143, signal: 'TERM' }
    expect(seen).toEqual([status, { pid: 2, status }])
    expect(node.ended).toEqual([['', { code: 3 }]])
  })

  test('what is caught is pending, and wakes who waits', () => {
    const catcher = program('catcher', (system) => {
      system.handle('TERM', 'catch')
      const signal = system.nextSignal()
      return signal ? { exit: 7 } : { for: 'signal' }
    })
    const node = testHost({ '/bin/catcher': 'catcher' }, [catcher])
    const kernel = node.boot(['catcher'])
    kernel.run()
    kernel.signal('TERM')
    kernel.run()
    expect(node.ended).toEqual([['', { code: 7 }]])
  })
})

test('a process that waits for time asks to be woken then', () => {
  const node = testHost(files, [sleeper])
  const kernel = node.boot(['sleeper'])
  kernel.run()
  expect(node.wakes).toEqual([1000])
  node.time = 1000
  kernel.run()
  expect(node.ended).toEqual([['', { code: 0 }]])
})

test('a busy loop has its share of virtual time', () => {
  const node = testHost(files, [spinner])
  const kernel = node.boot(['spinner'])
  for (let run = 0; run < 100; run++) {
    kernel.run()
    node.time = node.wakes.at(-1)!
  }
  expect(node.time).toBeGreaterThan(900)
  expect(kernel.state.cpu.total).toBeLessThan(40_000 + 110_000)
})

describe('a loop that burns time', () => {
  const spun = (milliCPU?: number) => {
    const node = testHost({ ...files, '/bin/quick': 'quick' }, [spinner, once('quick', () => 0)])
    if (milliCPU !== undefined) node.host.milliCPU = () => milliCPU
    const kernel = node.boot(['spinner'])
    node.finish(kernel, 60_000)
    return { node, kernel }
  }

  test.each([
    [undefined, 1000],
    [4000, 1000],
    [250, 250],
  ])('with a limit of %j uses %j milliCPU', (limit, milliCPU) => {
    const { node, kernel } = spun(limit)
    node.time = 60_000
    expect(Math.abs(kernel.usage().milliCPU - milliCPU)).toBeLessThan(30)
  })

  test('is really done in small part after a while', () => {
    const { node, kernel } = spun()
    expect(node.wakes.length).toBeLessThan(1500)
    expect(kernel.state.cpu.total).toBeGreaterThan(5_900_000)
  })

  test('holds up no command that is run beside it', () => {
    const { node, kernel } = spun()
    const began = node.time
    expect(kernel.exec('s', ['quick'])).toBeUndefined()
    node.finish(kernel, began + 30)
    expect(node.ended).toEqual([['s', { code: 0 }]])
  })
})

test('an exec session has its streams and its exit code', () => {
  const reader = program('reader', (system) => {
    const text = system.read(0)
    if (text === '') return { for: 'readable', fd: 0 }
    if (text === undefined || isFailure(text)) return { exit: 4 }
    system.write(1, `<${text}>`)
    return 'again'
  })
  const node = testHost({ ...files, '/bin/reader': 'reader' }, [sleeper, reader])
  const kernel = node.boot(['sleeper'])
  expect(kernel.exec('s', ['reader'], { stdin: true })).toBeUndefined()
  kernel.run()
  kernel.write('s', 'abc')
  kernel.run()
  kernel.closeInput('s')
  kernel.run()
  expect(node.output).toEqual(['s:<abc>'])
  expect(node.ended).toEqual([['s', { code: 4 }]])
  expect(kernel.exec('t', ['/nope'])).toBe('exec: "/nope": stat /nope: no such file or directory')
})

test('a pipe holds 64 KiB', () => {
  const results: unknown[] = []
  const piper = once('piper', (system) => {
    const { read, write } = system.pipe()
    results.push(system.write(write, 'x'.repeat(70_000)), system.write(write, 'y'))
    system.close(write)
    results.push((system.read(read, 100_000) as string).length, system.read(read))
    return 0
  })
  const node = testHost({ '/bin/piper': 'piper' }, [piper])
  const kernel = node.boot(['piper'])
  kernel.run()
  expect(results).toEqual([65_536, 0, 65_536, undefined])
  expect(kernel.state.pipes).toEqual({})
})

test('two ends of a connection talk', () => {
  const server = program('server', (system) => {
    const memory = system.process.memory as { listener: number; socket?: number } | null
    if (!memory) {
      system.process.memory = { listener: system.listen(80) as number }
      return 'again'
    }
    if (memory.socket === undefined) {
      const socket = system.accept(memory.listener)
      if (socket === undefined) return { for: 'readable', fd: memory.listener }
      system.process.memory = { ...memory, socket }
      return 'again'
    }
    const text = system.read(memory.socket)
    if (text === '') return { for: 'readable', fd: memory.socket }
    if (typeof text !== 'string') {
      system.close(memory.socket)
      system.process.memory = { listener: memory.listener }
      return 'again'
    }
    system.write(memory.socket, `got ${text}`)
    return 'again'
  })
  const node = testHost({ '/bin/server': 'server' }, [server])
  const kernel = node.boot(['server'])
  kernel.run()
  expect(kernel.incoming('c1', 81, { address: '10.0.0.1', port: 5 })).toBe(false)
  expect(kernel.incoming('c1', 80, { address: '10.0.0.1', port: 5 })).toBe(true)
  kernel.received('c1', 'hi')
  kernel.run()
  kernel.disconnected('c1')
  kernel.run()
  expect(node.sent).toEqual(['c1: got hi', 'c1 shut'])
  expect(kernel.state.sockets).toEqual({})
})

test('an exec in the state that was saved goes on where it was', () => {
  const node = testHost(files, [sleeper])
  const kernel = node.boot(['sleeper'])
  kernel.run()
  const restored = new Kernel(JSON.parse(JSON.stringify(kernel.state)), node.host, node.programs)
  node.time = 1000
  restored.run()
  expect((restored.state.processes as Record<string, ProcessState>)[1]!.ended).toEqual({ code: 0 })
})
