import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { playExchanges } from '../../test/rates/playedExchanges.ts'
import { PRICES } from '../../world/worldConfig.ts'
import { checkConfig } from '../config/config.ts'
import type { Finding } from './doctor/finding.ts'
import { firstDaysFindings } from './doctor/firstDays.ts'
import { portFinding } from './doctor/machine.ts'
import { runWords } from './program.ts'
import { serve } from './serve.ts'

const ACCOUNT = { iban: 'DE89370400440532013000', name: 'Yard', townName: 'Berlin', country: 'DE' }
let printed = ''
beforeEach(() => {
  printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += text
  })
  return () => log.mockRestore()
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'switchyard-doctor-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  mkdirSync(join(made, 'bank'))
  return made
}

function settingsOf(root: string) {
  const secrets = { operatorKey: 'sk_operator_of_the_test', challengeSecret: 'a secret of the test, long enough to be one' }
  const bank = { folder: join(root, 'bank'), account: ACCOUNT, feeEur: '0.02' }
  return { network: 'local', dataDir: join(root, 'data'), port: 0, prices: PRICES, bank, ...secrets }
}

async function look(root: string, settings: object, mode = 0o600) {
  const file = join(root, 'switchyard.json')
  const config = { ...settingsOf(root), ...settings }
  writeFileSync(file, JSON.stringify(config), { mode })
  chmodSync(file, mode)
  printed = ''
  const code = await runWords(['doctor', '--config', file, '--json'], { name: 'switchyard' })
  const { findings } = JSON.parse(printed) as { findings: Finding[] } // The command's own JSON.
  return { code, of: (what: string) => findings.filter((finding) => finding.what === what) }
}

/** A gateway that runs, with its data in a folder of its own; its port. */
async function gatewayOf(root: string): Promise<number> {
  const { url, close } = await serve(checkConfig(settingsOf(root)))
  onTestFinished(close)
  return Number.parseInt(new URL(url).port, 10)
}

/** A node of a chain that answers as it is told. */
async function chainNode(answers: Readonly<Record<string, string>>): Promise<string> {
  const server = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      if (body === '') return response.end()
      const { id, method } = JSON.parse(body) as { id: number; method: string } // JSON-RPC.
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP.
}

const chain = (url: string) => ({
  chainId: 31337,
  rpcUrls: [url],
  token: { address: `0x${'1'.repeat(40)}`, name: 'USDC', version: '2', ledger: 100 },
  hub: `0x${'2'.repeat(40)}`,
  operatorKey: `0x${'3'.repeat(64)}`,
  finality: { depth: 1 },
})

test('what is in order is said to be, and ends with 0', async () => {
  const { code, of } = await look(folder(), {})
  expect(code).toBe(0)
  for (const what of ['node', 'disk', 'port', 'config', 'files', 'bank']) expect(of(what)).toMatchObject([{ state: 'good' }])
})

describe('each trouble is told with what mends it, and ends with 1', () => {
  test('a setting that stops the start', async () => {
    const { code, of } = await look(folder(), { port: 'x', operatorKey: '$NOT_SET_ANYWHERE' })
    expect(code).toBe(1)
    expect(of('config').map(({ detail }) => detail)).toEqual([expect.stringContaining('NOT_SET'), expect.stringContaining('port')])
  })

  test.each([
    ['an amount without its unit', { fixed: '0.05' }, 'fixed: "0.05" names no unit'],
    ['a list that has ended', { until: '2020-12-31' }, 'none is for today'],
  ])('%s in a list of fees', async (_, wrong, detail) => {
    const root = folder()
    const row = {
      schedule: 'house',
      title: 'House',
      rail: 'bank',
      unit: 'EUR',
      from: '2020-01-01',
      until: '2099-12-31',
      source: 'a contract',
    }
    const file = join(root, 'fees.json')
    writeFileSync(file, JSON.stringify({ schedules: [{ ...row, success: '99 %', scheme: 'sepa', ...wrong }] }))
    const bank = { folder: join(root, 'bank'), account: ACCOUNT, feeSchedule: 'house' }
    const { code, of } = await look(root, { bank, feeSchedules: file })
    expect([code, of('config')]).toMatchObject([1, [{ state: 'bad', detail: expect.stringContaining(detail), mend: expect.any(String) }]])
  })

  test('a port that another program has', async () => {
    const server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { code, of } = await look(folder(), { port: (server.address() as AddressInfo).port }) // listening on TCP.
    expect([code, of('port')]).toMatchObject([1, [{ state: 'bad', detail: expect.stringContaining('in use') }]])
  })

  test('a port that another gateway has', async () => {
    const mine = folder()
    const { code, of } = await look(mine, { port: await gatewayOf(folder()) })
    expect([code, of('port')]).toMatchObject([1, [{ state: 'bad', detail: expect.stringContaining('in use by another program') }]])
  })

  test('a file of secrets that others can read', async () => {
    const { code, of } = await look(folder(), {}, 0o644)
    expect([code, of('files')]).toMatchObject([1, [{ state: 'bad', mend: expect.stringMatching(/^chmod 600 /) }]])
  })

  test('a bank’s folder that is not there', async () => {
    const root = folder()
    rmSync(join(root, 'bank'), { recursive: true })
    const { code, of } = await look(root, {})
    expect([code, of('bank')]).toMatchObject([1, [{ state: 'bad', mend: expect.stringContaining('bank.folder') }]])
  })

  test.each([
    ['of another chain', { eth_chainId: '0x1' }, /is of chain 1$/],
    ['without the hub', { eth_chainId: '0x7a69', eth_getCode: '0x' }, /no contract at the hub/],
    ['that says nothing of use', {}, /127\.0\.0\.1/],
  ])('a node %s', async (_, answers, detail) => {
    const { code, of } = await look(folder(), { evm: [chain(await chainNode(answers))] })
    expect(code).toBe(1)
    expect(of('evm:31337')[0]).toMatchObject({ state: 'bad', detail: expect.stringMatching(detail), mend: expect.any(String) })
  })
})

test('a node in order is told, and the clock is compared with its server', async () => {
  const { code, of } = await look(folder(), { evm: [chain(await chainNode({ eth_chainId: '0x7a69', eth_getCode: '0x60' }))] })
  expect([code, of('evm:31337'), of('clock')]).toMatchObject([0, [{ state: 'good' }], [{ state: 'good' }]])
})

test('a gateway that runs with this configuration is where it should be', async () => {
  const root = folder()
  const { code, of } = await look(root, { port: await gatewayOf(root) })
  expect([code, of('port')]).toMatchObject([0, [{ state: 'good', detail: expect.stringContaining('this gateway runs') }]])
})

test('without a configuration nobody can say whose gateway it is', async () => {
  const port = await gatewayOf(folder())
  expect(await portFinding({ host: '127.0.0.1', port })).toMatchObject({ state: 'warn', mend: expect.stringContaining('--config') })
})

test('it asks each exchange, and says which of them are not counted', async () => {
  const played = await playExchanges({ now: () => Date.now() })
  const settings = { prices: undefined, rates: { urls: played.urls } }
  played.fault('kraken', 'html')
  const first = await look(folder(), settings)
  expect(first.of('rates').map(({ state, detail }) => `${state} ${detail}`)).toEqual([
    'good BTC 97000 USD, by 3 of 4 exchanges; kraken answers what is no JSON',
    'good ETH 3500 USD, by 3 of 4 exchanges; kraken answers what is no JSON',
    expect.stringMatching(/^warn EUR 1\.08\S* USD, by 2 of 3 exchanges; kraken/),
    expect.stringMatching(/^warn USDC 0\.99995 USD, by 2 of 3 exchanges; kraken/),
  ])
  played.fault('bitstamp', 'down')
  const second = await look(folder(), settings)
  expect(second.of('rates').map(({ state }) => state)).toEqual(['warn', 'warn', 'bad', 'bad'])
  expect(second.code).toBe(1)
})

test('what the first days with real money may move is said, and that nothing limits it', () => {
  const { firstDays } = checkConfig(settingsOf('/yard'))
  expect(firstDaysFindings({ network: 'mainnet', firstDays })).toMatchObject([
    { state: 'good', detail: 'for its first 7 days at most 250 USD a payment and 2500 USD a day; false lifts it' },
  ])
  expect(firstDaysFindings({ network: 'mainnet', firstDays: false })).toMatchObject([{ state: 'warn' }])
  expect(firstDaysFindings({ network: 'local', firstDays })).toEqual([])
})
