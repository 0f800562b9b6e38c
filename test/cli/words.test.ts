import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { commandRun } from './commandRun.ts'

/** What the command did not understand is told in two lines: what, and where the words are. */
async function notUnderstood(words: readonly string[]): Promise<string> {
  const { code, out, err } = await commandRun(words)
  expect([code, out]).toEqual([2, ''])
  const lines = err.trim().split('\n')
  expect(lines).toEqual([expect.stringMatching(/^switchyard: /), expect.stringMatching(/--help says what there is$/)])
  return lines[0]!
}

/** A refusal is one line without a place in our sources. */
async function refused(words: readonly string[]): Promise<string> {
  const { code, err } = await commandRun(words)
  expect(code).toBe(1)
  expect(err.trim().split('\n')).toEqual([expect.stringMatching(/^switchyard: /)])
  return err
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'switchyard-words-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP.
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A server that is no gateway. */
async function otherServer(): Promise<string> {
  const server = createHttpServer((_, response) => response.end('<html>hello</html>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP.
}

describe('words that there are not', () => {
  test.each([
    [['verfy'], 'verify'],
    [['ledger', 'balnces'], 'balances'],
    [['verify', '--urll', 'x'], '--url'],
    [['lightning', 'withdraw', '--fee-rates', '1'], '--fee-rate'],
    [['gateway', '--hlep'], '--help'],
    [['suspense', 'assign', 'x', '--hlep'], '--help'],
    [['--hlep'], '--help'],
  ])('%j: what was probably meant is named', async (words, meant) => {
    expect(await notUnderstood(words)).toMatch(new RegExp(`did you mean ${meant}\\?`, 'i'))
  })

  test.each([
    [['receipt'], /receipt/],
    [['suspense', 'assign'], /--to is missing/],
    [['verify', 'everything'], /argument/],
  ])('%j: too few or too many are told', async (words, what) => {
    expect(await notUnderstood(words)).toMatch(what)
  })

  test('a verb that needs another word says which there are', async () => {
    const { code, err } = await commandRun(['ledger'])
    expect(code).toBe(2)
    expect(err).toMatch(/balances[\s\S]*export/)
  })
})

test('--version is the package’s', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(await commandRun(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

describe('what a user can cause is told without a stack', () => {
  test.each([['verify'], ['receipt', 'rc_1'], ['invoice', '2.50', '--payee', 'pa_1'], ['suspense', 'list'], ['lightning', 'status']])(
    '%s: a gateway that does not run',
    async (...words) => {
      const url = `http://127.0.0.1:${await freePort()}`
      const key = words[0] === 'receipt' ? [] : ['--key', 'sk_0123456789']
      expect(await refused([...words, '--url', url, ...key])).toContain(`${url} does not answer`)
    },
  )

  test.each([['verify'], ['receipt', 'rc_1'], ['suspense', 'list']])('%s: a server that is no gateway', async (...words) => {
    const url = await otherServer()
    const key = words[0] === 'receipt' ? [] : ['--key', 'sk_0123456789']
    expect(await refused([...words, '--url', url, ...key])).toContain('is no gateway')
  })

  test('a URL that is none', async () => {
    expect(await refused(['verify', '--url', 'pay.example.com', '--key', 'sk_0123456789'])).toContain('pay.example.com')
  })

  test.each([
    ['receipt', ['receipt', 'FILE']],
    ['an export', ['ledger', 'verify', '--file', 'FILE']],
    ['evidence', ['suspense', 'write-off', 'x', '--reason', 'y', '--file', 'FILE', '--url', 'http://127.0.0.1:1', '--key', 'sk_01234567']],
  ])('a file that is not there: %s', async (_, words) => {
    const file = join(folder(), 'missing.json')
    await refused(words.map((word) => (word === 'FILE' ? file : word)))
  })

  test('a receipt that is no JSON', async () => {
    const file = join(folder(), 'receipt.json')
    writeFileSync(file, 'rc_1')
    expect(await refused(['receipt', file])).toContain(file)
  })

  test('with --json a refusal is one object', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, err } = await commandRun(['verify', '--url', url, '--key', 'sk_0123456789', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(err)).toMatchObject({ code: 'no_gateway_answers', detail: expect.stringContaining(url), hint: expect.any(String) })
  })
})
