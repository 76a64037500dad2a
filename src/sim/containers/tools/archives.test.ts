import { spawnSync } from 'node:child_process'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { shellContainer } from '../shell/testing/test-shell.ts'
import { runTool } from './test-tool.ts'

/** What a script prints in a container, with something on its input. */
function run(script: string, stdin = '') {
  const { node, kernel, out } = shellContainer('ash', ['sh', '-c', script], stdin)
  node.finish(kernel)
  return out
}

const real = (argv: readonly string[], input: string) =>
  spawnSync('busybox', argv, { input: Buffer.from(input, 'latin1'), encoding: 'latin1' }).stdout
const made = 'mkdir -p d/e; echo one > d/a; echo two > d/e/b; ln -s a d/l; chmod 600 d/a; '

describe('tar', () => {
  test.each([
    ['cf x.tar d; rm -r d; tar xf x.tar; cat d/a d/e/b d/l; ls -l d/a | cut -c1-10', 'one\ntwo\none\n-rw-------\n'],
    ['cf - d | tar tf -', 'd/\nd/a\nd/e/\nd/e/b\nd/l\n'],
    ['czf x.tgz d; tar tzf x.tgz | wc -l', '5\n'],
    ['cf x.tar -C d a e; tar tf x.tar', 'a\ne/\ne/b\n'],
    ['cf - d | (mkdir o; tar xmf - -C o); cat o/d/e/b', 'two\n'],
    ['cf x.tar d; mkdir o; tar xf x.tar -C o --strip-components=1; cat o/e/b', 'two\n'],
    ['cf x.tar d; tar xOf x.tar d/a', 'one\n'],
    ['cf x.tar d; tar xf x.tar nope 2>&1', 'tar: nope: not found in archive\n'],
    ['cf x.tar --exclude e d; tar tf x.tar', 'd/\nd/a\nd/l\n'],
  ])('%s', (rest, expected) => {
    expect(run(`${made}tar ${rest}`).stdout).toBe(expected)
  })

  test('puts nothing outside of where it extracts', () => {
    const { stdout } = run(
      `mkdir in; echo bad > f; tar cf x.tar ../work/f; cd in; tar xf ../x.tar; ls -R /work/in; ls ..`,
    )
    expect(stdout).toBe('/work/in:\nwork\n\n/work/in/work:\nf\nf\nin\nx.tar\n')
  })

  test('a name that is longer than the header has room for is kept', () => {
    const name = 'n'.repeat(150)
    expect(run(`echo long > ${name}; tar cf x.tar ${name}; rm ${name}; tar xf x.tar; cat ${name}`).stdout).toBe(
      'long\n',
    )
  })
})

describe.skipIf(spawnSync('busybox', ['true']).status !== 0)("busybox's own tar (skipped where there is none)", () => {
  test('reads what ours writes', () => {
    const archive = run(`${made}tar cf - d`).stdout
    expect(real(['tar', 'tf', '-'], archive)).toBe('d/\nd/a\nd/e/\nd/e/b\nd/l\n')
    expect(real(['tar', 'xOf', '-', 'd/e/b'], archive)).toBe('two\n')
  })
})

describe('gzip', () => {
  const text = 'some text, again and again and again\n'.repeat(50)
  test('is read by others, and reads what they write', () => {
    const packed = runTool(['gzip', '-c'], text).stdout
    expect(gunzipSync(Buffer.from(packed, 'latin1')).toString('latin1')).toBe(text)
    expect(runTool(['zcat'], gzipSync(Buffer.from(text, 'latin1')).toString('latin1')).stdout).toBe(text)
  })

  test('replaces a file, and puts it back', () => {
    expect(run('echo a > f; gzip f; ls; gunzip f.gz; ls; cat f').stdout).toBe('f.gz\nf\na\n')
  })
})
