import { describe, expect, test } from 'vitest'
import { testHost, treeOf } from '../kernel/test-host.ts'
import { tools } from '../tools/registry.ts'
import { Kernel } from '../kernel/kernel.ts'
import { ash, dash } from './program.ts'

/** Types into `exec -it sh`; a number waits for so many milliseconds. `saved`: the state is read back after each key. */
function type(keys: readonly (string | number)[], { shell = ash, saved = false } = {}) {
  const list = [...Object.values(tools), { ...shell, name: 'sh' }]
  const binaries = Object.fromEntries(list.map(({ name }) => [`/bin/${name}`, { program: name }]))
  const node = testHost({}, list, treeOf({ ...binaries, '/root/': '', '/etc/hostname': 'box\n' }))
  let screen = ''
  ;(node.host as { output: unknown }).output = (_stream: string, _channel: string, text: string) => (screen += text)
  let kernel = node.boot(['sleep', 'infinity'], { env: { PATH: '/bin' } })
  kernel.exec('s', ['sh'], { stdin: true, tty: true })
  kernel.run()
  for (const key of keys) {
    if (saved) kernel = new Kernel(JSON.parse(JSON.stringify(kernel.state)), node.host, node.programs)
    if (typeof key === 'number') {
      const until = node.time + key
      while (node.wakes.some((wake) => wake > node.time && wake <= until)) {
        node.time = Math.min(...node.wakes.filter((wake) => wake > node.time))
        kernel.run()
      }
      node.time = until
    } else kernel.write('s', key)
    kernel.run()
  }
  return { screen, ended: node.ended.find(([stream]) => stream === 's')?.[1].code }
}

describe.each([false, true])('a shell at a terminal (saved between keys: %s)', (saved) => {
  test.each([
    ['prompts, echoes and runs', ['echo hi\r'], '/ # echo hi\r\nhi\r\n/ # '],
    ['shows where it is', ['cd /etc\r', 'cat hostname\r'], '/ # cd /etc\r\n/etc # cat hostname\r\nbox\r\n/etc # '],
    [
      'asks on for the rest of a command',
      ['if true\r', 'then echo x; fi\r'],
      '/ # if true\r\n> then echo x; fi\r\nx\r\n/ # ',
    ],
    ['asks on within quotes', ['echo "a\r', 'b"\r'], '/ # echo "a\r\n> b"\r\na\r\nb\r\n/ # '],
    ['takes back what was typed wrong', ['echp', '\x7f', 'o ok\r'], '/ # echp\b \bo ok\r\nok\r\n/ # '],
    ['forgets a line at ^C', ['echo no', '\x03', 'echo $?\r'], '/ # echo no^C\r\n/ # echo $?\r\n130\r\n/ # '],
    [
      'ends a command at ^C',
      ['sleep 100\r', 500, '\x03', 'echo $?\r'],
      '/ # sleep 100\r\n^C\r\n/ # echo $?\r\n130\r\n/ # ',
    ],
    [
      'goes back to what was typed before',
      ['echo one\r', '\x1b[A', '\r'],
      '/ # echo one\r\none\r\n/ # echo one\r\none\r\n/ # ',
    ],
    ['mends a line in its middle', ['ecko ok', '\x1b[D'.repeat(4), '\x7f', 'h\r'], /\r\nok\r\n\/ # $/],
    ['goes to the beginning and the end of a line', ['ho hi', '\x1b[H', 'ec', '\x1b[F', '!\r'], /\r\nhi!\r\n\/ # $/],
    ['takes a key that comes in parts', ['echo b', '\x1b', '[', 'D', 'a\r'], /\r\nab\r\n\/ # $/],
    ['completes a file', ['cat /etc/hostn\t\r'], '/ # cat /etc/hostname \r\nbox\r\n/ # '],
    ['completes a directory and goes on in it', ['cat /e\th\t\r'], '/ # cat /etc/hostname \r\nbox\r\n/ # '],
    ['completes a command', ['sha256\t\x15echo $(hostn\t\x15:\r'], /^\/ # sha256sum .*echo \$\(hostname .*:\r\n\/ # $/],
    [
      'lists what a word may become',
      ['cat /bin/sha\t1\t\x15:\r'],
      /^\/ # cat \/bin\/sha\r\nsha1sum  sha256sum .*\r\n\/ # cat \/bin\/sha1sum /,
    ],
    ['quotes what it completes', ['cd /root; echo x >"a 2"\r', 'cat a\t\r'], /cat a\\ 2 \r\nx\r\n/],
    [
      'beeps when it knows nothing',
      ['cat /nope\t\x15:\r'],
      `/ # cat /nope\x07${'\b'.repeat(9)}${' '.repeat(9)}${'\b'.repeat(9)}:\r\n/ # `,
    ],
    ['leaves a tab to who only reads', ['cat\r', 'a\tb\r', '\x04'], '/ # cat\r\na\tb\r\na\tb\r\n/ # '],
    ['says what there is not', ['nope\r'], '/ # nope\r\nsh: nope: not found\r\n/ # '],
    [
      'goes on after an error of syntax',
      ['fi\r', 'echo on\r'],
      '/ # fi\r\nsh: syntax error: unexpected "fi"\r\n/ # echo on\r\non\r\n/ # ',
    ],
    [
      'tells of what runs in the background',
      ['sleep 1 &\r', 1500, 'wait\r'],
      /^\/ # sleep 1 &\r\n(?:\[1\] \d+\r\n)?\/ # wait\r\n/,
    ],
  ] as const)('%s', (_name, keys, expected) => {
    const { screen } = type(keys, { saved })
    if (typeof expected === 'string') expect(screen).toBe(expected)
    else expect(screen).toMatch(expected)
  })

  test('ends at ^D, and with exit', () => {
    expect(type(['(exit 3)\r', '\x04'], { saved }).ended).toBe(3)
    expect(type(['exit 4\r'], { saved })).toEqual({ screen: '/ # exit 4\r\n', ended: 4 })
  })

  test('another program reads what is typed', () => {
    expect(type(['cat\r', 'a\r', '\x04', 'echo b\r'], { saved }).screen).toBe(
      '/ # cat\r\na\r\na\r\n/ # echo b\r\nb\r\n/ # ',
    )
    expect(type(['read x; echo "<$x>"\r', 'v\r'], { saved }).screen).toBe('/ # read x; echo "<$x>"\r\nv\r\n<v>\r\n/ # ')
  })

  test("dash's prompt is its own", () => {
    expect(type(['echo x\r'], { saved, shell: dash }).screen).toBe('# echo x\r\nx\r\n# ')
  })

  test('vi shows a file until it is left', () => {
    const { screen } = type(['vi /etc/hostname\r', ':', 'q', '\r', 'echo back\r'], { saved })
    expect(screen).toContain('box\r\n~')
    expect(screen.endsWith('echo back\r\nback\r\n/ # ')).toBe(true)
  })
})
