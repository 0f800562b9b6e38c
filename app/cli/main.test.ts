import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { commandRun } from '../../test/cli/commandRun.ts'
import { localConfig } from '../../test/localConfig.ts'

const ACCOUNT = { iban: 'DE89370400440532013000', name: 'Yard', townName: 'Berlin', country: 'DE' }

const run = (...words: string[]) => commandRun(words)

/** A port that another program listens on. */
async function takenPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port // listening on TCP.
}

function configFile(port: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-main-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const bank = join(folder, 'bank')
  mkdirSync(bank)
  const file = join(folder, 'config.json')
  const rails = { bank: { folder: bank, account: ACCOUNT, feeEur: '0.02', pollMs: 50 } }
  writeFileSync(file, JSON.stringify(localConfig(join(folder, 'data'), { port, ...rails })))
  return file
}

describe('a port that is in use is told in one line with what to change', () => {
  test('by the gateway', async () => {
    const port = await takenPort()
    const { code, err } = await run('gateway', '--config', configFile(port))
    expect(code).toBe(1)
    expect(err.trim().split('\n')).toEqual([
      `switchyard: 127.0.0.1:${port} is in use by another program (address_unavailable). Name another port, or end what listens there.`,
    ])
  })

  test('by the local network, before anything is started', async () => {
    const port = await takenPort()
    const { code, out, err } = await run('dev', '--port', String(port))
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^switchyard: 127\.0\.0\.1:\d+ is in use by another program .*\n$/)
  })
})

test('a port that is none is refused before anything is started', async () => {
  const { code, out, err } = await run('dev', '--port', '84o2')
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^switchyard: --port is a whole number from 0 to 65535, not 84o2\n/)
})

describe('a folder that can not be had is told in one line, before anything is started', () => {
  test.each([
    ['where nothing can be made', '/proc/switchyard'],
    ['which is a file', fileURLToPath(import.meta.url)],
    ['below a file', join(fileURLToPath(import.meta.url), 'yard')],
  ])('%s', async (_, data) => {
    const { code, out, err } = await run('dev', '--port', '0', '--data', data)
    expect([code, out]).toEqual([1, ''])
    expect(err.trim().split('\n')).toEqual([expect.stringMatching(/^switchyard: .*(?:--data|[Nn]ame another)/)])
    expect(err).toContain(data)
  })
})

test('a word that there is not is told in one line, and is exit code 2', async () => {
  const { code, err } = await run('verify', '--urll', 'x')
  expect(code).toBe(2)
  expect(err.trim().split('\n')).toEqual([
    expect.stringMatching(/^switchyard: .*--urll/),
    expect.stringMatching(/switchyard verify --help/),
  ])
})

/** A gateway that has nothing to say, and a folder from which the local network seems to run there; `keys`: what it was asked with. */
async function startListener() {
  const keys: (string | undefined)[] = []
  const server = createHttpServer((request, response) => {
    keys.push(request.headers.authorization)
    response.end(JSON.stringify({ data: [], waiting: [], problems: [] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-main-'))
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP.
  mkdirSync(join(folder, '.switchyard'))
  writeFileSync(join(folder, '.switchyard', 'local.json'), JSON.stringify({ url, key: 'sk_local_key' }))
  return { folder, url, keys }
}

test('a key that is given is the one that is used, and the local key goes to no other gateway', async () => {
  const { folder, url, keys } = await startListener()
  expect((await commandRun(['suspense', 'list'], { cwd: folder })).code).toBe(0)
  expect((await commandRun(['suspense', 'list', '--key', 'sk_second_key'], { cwd: folder })).code).toBe(0)
  expect(keys).toEqual(['Bearer sk_local_key', 'Bearer sk_second_key'])
  for (const words of [['suspense', 'list'], ['verify'], ['lightning', 'status'], ['invoice', '2.50']]) {
    const { code, err } = await commandRun([...words, '--url', url], { cwd: folder })
    expect([code, err]).toEqual([2, expect.stringContaining('--url needs --key')])
  }
  expect(keys.length).toBe(2)
})

describe('--help says what to type, and what each exit code means', () => {
  test.each(['dev', 'gateway', 'verify', 'receipt', 'ledger', 'invoice', 'lightning', 'suspense'])('of %s', async (verb) => {
    const { code, out, err } = await run(verb, '--help')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`switchyard ${verb} `)
    for (const exit of [0, 1, 2]) expect(out).toMatch(new RegExp(`^ +${exit}  \\S`, 'm'))
  })

  test('of a part of a verb', async () => {
    const { code, out } = await run('suspense', 'assign', '--help')
    expect(code).toBe(0)
    expect(out).toMatch(/suspense assign .*<item>[\s\S]*--to <id>/)
    expect(out).toMatch(/^ +3 {2}.*second operator/m)
    expect((await run('lightning', 'withdraw', '--help')).out).toMatch(/^ +3 {2}.*not known yet/m)
    expect((await run('gateway', '--help')).out).toMatch(/^ +70 {2}.*journal/m)
  })
})
