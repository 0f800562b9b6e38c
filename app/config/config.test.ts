import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { assetTable, coinOf } from '../open/assetTable.ts'
import { checkConfig, readConfig } from './config.ts'

const secret = (name: string) => createHash('sha256').update(name)
const OPERATOR_KEY = `0x${secret('key').digest('hex')}`
const address = (digit: string) => `0x${digit.repeat(40)}`
const chain = (change: object = {}) => ({
  chainId: 8453,
  rpcUrls: ['https://one.example/rpc'],
  hub: address('b'),
  operatorKey: OPERATOR_KEY,
  token: { address: address('a'), name: 'USD Coin', version: '2', ledger: 100 },
  finality: { tag: 'safe' },
  ...change,
})
const other = (change: object = {}) =>
  chain({ chainId: 10, token: { address: address('a'), name: 'USD Coin', version: '2', ledger: 101 }, ...change })
const config = (evm: object[], change: object = {}) => ({
  network: 'testnet',
  dataDir: 'data',
  operatorKey: `sk_${secret('operator').digest('base64url')}`,
  challengeSecret: secret('challenges').digest('base64url'),
  prices: { BTC: '100000', EUR: '1.08', ETH: '3000', USDC: '1' },
  evm,
  ...change,
})

test('a chain has defaults for what it does not say', () => {
  const { evm } = checkConfig(config([chain()]))
  expect(evm).toMatchObject([{ l1DataFee: 'none', laneKeys: [], firstBlock: 0, pollMs: 1_000 }])
})

test('several chains are configured beside each other, each with its own nodes, finality and data fee', () => {
  const rollup = { l1DataFee: { oracle: address('f') }, finality: { depth: 3 }, rpcUrls: ['https://one.example', 'https://two.example'] }
  const { evm } = checkConfig(config([chain(), other(rollup)]))
  expect(evm.map(({ chainId, l1DataFee, finality }) => [chainId, l1DataFee, finality])).toEqual([
    [8453, 'none', { tag: 'safe' }],
    [10, { oracle: address('f') }, { depth: 3 }],
  ])
})

describe('a configuration stops the start', () => {
  test.each<[string, object, RegExp]>([
    ['with a chain twice', config([chain(), other({ chainId: 8453 })]), /Chain 8453 is configured twice/],
    ['with one ledger for two tokens', config([chain(), chain({ chainId: 10 })]), /Two tokens have the ledger 100/],
    ['with a ledger of a currency', config([chain({ token: { ...chain().token, ledger: 4 } })]), /evm\.0\.token\.ledger/],
    [
      'with different operator keys',
      config([chain(), other({ operatorKey: `0x${secret('other key').digest('hex')}` })]),
      /different operator keys/,
    ],
    ['with a chain without a node', config([chain({ rpcUrls: [] })]), /evm\.0\.rpcUrls/],
    ['with a local chain on a public network', config([chain(), other({ chainId: 31338 })]), /Chain 31338 is a local test chain/],
    ['with an unknown field of a chain', config([chain({ rpcUrl: 'https://one.example' })]), /evm\.0/],
  ])('%s', (_, given, message) => {
    expect(() => checkConfig(given)).toThrow(message)
    expect(() => checkConfig(given)).toThrow(expect.objectContaining({ code: 'unsafe_configuration' }))
  })
})

test('an LND may be on any network, the embedded node on the local one alone', () => {
  const lnd = { socket: 'lnd.example:10009', cert: './tls.cert', macaroon: { receive: './receive.macaroon', pay: './pay.macaroon' } }
  expect(checkConfig(config([chain()], { lightning: { lnd } })).lightning).toEqual({ lnd })
  const embedded = { chainUrl: 'http://127.0.0.1:1', peer: { nodeId: '02', host: '127.0.0.1', port: 1 } }
  expect(() => checkConfig(config([chain()], { lightning: embedded }))).toThrow(/embedded Lightning node runs on regtest only/)
  expect(() => checkConfig(config([chain()], { lightning: { lnd: { ...lnd, socket: 'https://lnd.example' } } }))).toThrow(/lightning/)
})

test('hosts of a private network and relays without TLS are for the local network', () => {
  const relays = ['wss://relay.example']
  expect(checkConfig(config([chain()], { nwc: { relays } }))).toMatchObject({ nwc: { relays }, lnurl: { localHosts: [] } })
  expect(() => checkConfig(config([chain()], { nwc: { relays: ['ws://relay.example'] } }))).toThrow(/without TLS/)
  expect(() => checkConfig(config([chain()], { nwc: { relays: ['https://relay.example'] } }))).toThrow(/nwc\.relays/)
  expect(() => checkConfig(config([chain()], { lnurl: { localHosts: ['127.0.0.1:9000'] } }))).toThrow(/Hosts of a private network/)
})

test('the journal is in PostgreSQL when the file or SWITCHYARD_JOURNAL_URL says so, and the file goes first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-config-'))
  const path = join(folder, 'config.json')
  const read = (change: object, env: NodeJS.ProcessEnv) => {
    writeFileSync(path, JSON.stringify(config([chain()], change)))
    return readConfig(path, env).journal
  }
  try {
    const env = { SWITCHYARD_JOURNAL_URL: 'postgresql://books@localhost/env' }
    expect(read({}, {})).toBeUndefined()
    expect(read({}, env)).toEqual({ postgres: { url: 'postgresql://books@localhost/env', standby: false } })
    expect(read({ journal: { postgres: { url: 'postgresql://books@localhost/file', standby: true } } }, env)).toEqual({
      postgres: { url: 'postgresql://books@localhost/file', standby: true },
    })
    expect(read({ journal: { postgres: { url: '$SWITCHYARD_JOURNAL_URL' } } }, env)?.postgres.url).toBe('postgresql://books@localhost/env')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what the bank charges is said once', () => {
  const bank = { folder: 'x', account: { iban: 'DE93999999990000000001', name: 'Yard', townName: 'Berlin', country: 'DE' } }
  expect(() => checkConfig(config([], { bank }))).toThrow('The bank has neither feeEur nor feeSchedule')
  expect(() => checkConfig(config([], { bank: { ...bank, feeEur: '0.1', feeSchedule: 'sepa' } }))).toThrow(
    'has both feeEur and feeSchedule',
  )
  expect(checkConfig(config([], { bank: { ...bank, feeSchedule: 'sepa' } })).bank?.feeSchedule).toBe('sepa')
})

test('gas is priced in the coin of its chain, which must have a price, and is no other', () => {
  const prices = { BTC: '100000', EUR: '1.08', ETH: '3000', USDC: '1' }
  const polygon = chain({ chainId: 137 })
  expect(() => checkConfig(config([polygon]))).toThrow(/prices\.POL/)
  const found = assetTable(checkConfig(config([polygon], { prices: { ...prices, POL: '0.2' } })))
  expect(found.all.map(({ code }) => code)).toEqual(['USD', 'EUR', 'BTC', 'ETH', 'POL', 'USDC'])
  expect(() => checkConfig(config([chain({ coin: 'POL' })]))).toThrow(/Gas on chain 8453 is paid in ETH, and not in POL/)
  const [own] = checkConfig(config([chain({ chainId: 777_777, coin: 'AVAX' })], { prices: { ...prices, AVAX: '20' } })).evm
  expect(coinOf(own!).code).toBe('AVAX')
})

test('feeds are on a chain that is configured, and of a rollup not without the one that says whether it runs', () => {
  const address = `0x${'1'.repeat(40)}`
  const feeds = [{ of: 'BTC', address, heartbeatS: 1_200 }]
  const withFeeds = (chainlink: object) =>
    config([chain()], { prices: undefined, rates: { chainlink: { chainId: 8_453, feeds, ...chainlink } } })
  expect(() => checkConfig(withFeeds({ chainId: 1 }))).toThrow(/on chain 1, which is not configured/)
  expect(() => checkConfig(withFeeds({}))).toThrow(/Nobody says whether the sequencer of chain 8453 runs/)
  expect(() => checkConfig(withFeeds({ feeds: [...feeds, ...feeds] }))).toThrow(/rates\.chainlink\.feeds/)
  expect(checkConfig(withFeeds({ uptime: address })).rates?.chainlink?.uptime).toBe(address)
})
