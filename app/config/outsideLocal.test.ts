import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { accountAt } from '../../world/chain/accounts.ts'
import { openGround } from '../open/openGround.ts'
import { checkConfig, readConfig } from './config.ts'

type Refusal = { setting: string; message: string; hint: string }

/** What a good source of randomness could have given, the same at each run. */
const bytes = (n: number, length = 32) => createHash('sha256').update(`a secret ${n}`).digest().subarray(0, length)
const key = (n = 0) => `0x${bytes(n).toString('hex')}`
const address = (digit: string) => `0x${digit.repeat(40)}`

/** A chain that nothing is wrong with. */
const chain = (change: object = {}) => ({
  chainId: 8453,
  rpcUrls: ['https://one.example/rpc'],
  hub: address('b'),
  operatorKey: key(),
  token: { address: address('a'), name: 'USD Coin', version: '2', ledger: 100 },
  finality: { tag: 'safe' },
  ...change,
})
/** A configuration of a public network that nothing is wrong with. */
const config = (change: object = {}) => ({
  network: 'testnet',
  dataDir: 'data',
  operatorKey: `sk_${bytes(1, 18).toString('base64url')}`,
  challengeSecret: bytes(2).toString('base64url'),
  prices: { BTC: '100000', EUR: '1.08', ETH: '3000', USDC: '1' },
  evm: [chain()],
  ...change,
})

/** What a start with this configuration is refused for; none when it is let go on. */
function refusalsOf(given: unknown, read: (given: unknown) => unknown = checkConfig): Refusal[] {
  try {
    read(given)
    return []
  } catch (error) {
    if (!isGatewayError(error, 'unsafe_configuration')) throw error
    return (error.meta as { errors?: Refusal[] }).errors ?? []
  }
}
const settings = (given: unknown) => refusalsOf(given).map(({ setting }) => setting)

test('nothing is refused where nothing is wrong', () => {
  for (let i = 0; i < 200; i++) {
    const operatorKey = `sk_${bytes(i, 18).toString('base64url')}`
    const challengeSecret = bytes(i, 16).toString('hex')
    const evm = [chain({ operatorKey: key(i) })]
    expect(refusalsOf(config({ operatorKey, challengeSecret, evm }))).toEqual([])
  }
  expect(refusalsOf(config({ host: '0.0.0.0', publicUrl: 'https://pay.example' }))).toEqual([])
  expect(refusalsOf(config({ network: 'mainnet', prices: undefined, rates: {} }))).toEqual([])
  expect(refusalsOf(config({ evm: [chain({ rpcUrls: ['http://127.0.0.1:8545', 'http://localhost:8546', 'http://[::1]:1'] })] }))).toEqual(
    [],
  )
})

describe('outside local a start is refused for', () => {
  test.each<[string, object, string[]]>([
    ['an address that others reach, without a public URL', { host: '0.0.0.0' }, ['host']],
    ['all addresses of IPv6', { host: '::' }, ['host']],
    ['one address of a network', { host: '10.0.0.7' }, ['host']],
    ['no address, which is all', { host: '' }, ['host']],
    ['a public URL without TLS', { host: '0.0.0.0', publicUrl: 'http://pay.example' }, ['publicUrl']],
    ['a public URL of another kind', { publicUrl: 'ftp://pay.example' }, ['publicUrl']],
    ['a chain that is asked without TLS', { evm: [chain({ rpcUrls: ['https://a.example', 'http://b.example'] })] }, ['evm.0.rpcUrls.1']],
    ['a chain whose head counts at once', { evm: [chain({ finality: { depth: 0 } })] }, ['evm.0.finality.depth']],
    ['an operator key of a few digits', { operatorKey: 'sk_0123456789' }, ['operatorKey']],
    ['an operator key that is one of a test', { operatorKey: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc' }, ['operatorKey']],
    ['an operator key of words', { operatorKey: 'sk_operator_of_the_yard_here' }, ['operatorKey']],
    ['a challenge secret of one letter', { challengeSecret: 's'.repeat(64) }, ['challengeSecret']],
    ['a challenge secret that repeats itself', { challengeSecret: 'xK9q'.repeat(16) }, ['challengeSecret']],
    ['a challenge secret that counts', { challengeSecret: '0123456789abcdef0123456789abcdef' }, ['challengeSecret']],
    ['a challenge secret of words', { challengeSecret: 'nobody will ever guess what we have written' }, ['challengeSecret']],
    ['an old challenge secret that is no better', { previousChallengeSecret: 'ab'.repeat(20) }, ['previousChallengeSecret']],
    ['the key of one repeated digit', { evm: [chain({ operatorKey: `0x${'1'.repeat(64)}` })] }, ['evm.0.operatorKey']],
    ['the key of a small number', { evm: [chain({ operatorKey: `0x${'beef'.padStart(64, '0')}` })] }, ['evm.0.operatorKey']],
    ['the key of a word', { evm: [chain({ operatorKey: `0x${'deadbeef'.repeat(8)}` })] }, ['evm.0.operatorKey']],
    ['fixed prices where money is real', { network: 'mainnet' }, ['network']],
    ['an exchange that is asked without TLS', { prices: undefined, rates: { urls: { kraken: 'http://10.0.0.7' } } }, ['rates.urls.kraken']],
    ['a central bank that is asked without TLS', { prices: undefined, rates: { ecb: { url: 'http://10.0.0.7' } } }, ['rates.ecb.url']],
    ['a sheet in pounds that nobody prices', { prices: undefined, rates: {}, reportingCurrency: 'GBP' }, ['reportingCurrency']],
    ['prices and rates at once', { rates: {} }, ['prices']],
    ['neither prices nor rates', { prices: undefined }, ['prices']],
    ['fewer exchanges than can outvote one', { prices: undefined, rates: { sources: ['kraken', 'gemini'] } }, ['rates.sources']],
    ['one exchange in the place of three', { prices: undefined, rates: { sources: ['kraken', 'kraken', 'kraken'] } }, ['rates.sources']],
    ['a weak key of a lane', { evm: [chain({ laneKeys: [key(), `0x${'12'.repeat(32)}`] })] }, ['evm.0.laneKeys.1']],
  ])('%s', (_, change, expected) => {
    expect(settings(config(change))).toEqual(expected)
  })

  test.each([0, 1, 2, 9, 19])('the key %i that Hardhat and Anvil give to everybody', (index) => {
    const { privateKey } = accountAt(index)
    const refused = refusalsOf(config({ evm: [chain({ operatorKey: privateKey.toUpperCase().replace('0X', '0x') })] }))
    expect(refused).toMatchObject([{ setting: 'evm.0.operatorKey', message: expect.stringMatching(/known to everybody/) }])
  })
})

test('all that is wrong is told at once, with what to change, and no secret is told', () => {
  const secret = 'correct horse battery staple and so on'
  const given = config({
    host: '0.0.0.0',
    challengeSecret: secret,
    operatorKey: 'sk_0123456789',
    demo: { payeeAccounts: [address('1'), address('2'), address('3')] },
    evm: [chain({ rpcUrls: ['http://b.example'], finality: { depth: 0 }, operatorKey: accountAt(1).privateKey })],
  })
  const refused = refusalsOf(given)
  expect(refused.map(({ setting }) => setting).sort()).toEqual([
    'challengeSecret',
    'demo',
    'evm.0.finality.depth',
    'evm.0.operatorKey',
    'evm.0.rpcUrls.0',
    'host',
    'operatorKey',
  ])
  for (const { setting, message, hint } of refused) {
    expect(message.length, setting).toBeGreaterThan(10)
    expect(hint.length, setting).toBeGreaterThan(10)
    expect(() => checkConfig(given)).toThrow(message)
    expect(() => checkConfig(given)).toThrow(hint)
    for (const hidden of [secret, 'sk_0123456789', accountAt(1).privateKey]) expect(`${message}${hint}`).not.toContain(hidden)
  }
})

test('fields of a wrong shape are told at once too', () => {
  expect(settings(config({ port: 70_000, prices: {}, operatorKey: 'pk_x' }))).toEqual(
    expect.arrayContaining(['port', 'operatorKey', 'prices.BTC', 'prices.EUR']),
  )
})

describe('a variable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-variables-'))
  const path = join(folder, 'config.json')
  const read = (env: NodeJS.ProcessEnv) => (given: unknown) => {
    writeFileSync(path, JSON.stringify(given))
    return readConfig(path, env)
  }

  test.each(['local', 'testnet'])('that is not set stops the start on %s, and all of them are named', (network) => {
    const evm = [chain({ laneKeys: [key(), '$LANE_KEY_2'] })]
    const given = config({ network, challengeSecret: '$CHALLENGE_SECRET_FOR_THIS_GATEWAY', operatorKey: '$OPERATOR', evm })
    const refused = refusalsOf(given, read({ OPERATOR: '' }))
    expect(refused.map(({ setting }) => setting)).toEqual(['operatorKey', 'challengeSecret', 'evm.0.laneKeys.1'])
    expect(refused.map(({ message }) => message).join()).toMatch(/OPERATOR.*CHALLENGE_SECRET_FOR_THIS_GATEWAY.*LANE_KEY_2/)
  })

  test('that is set is read, with digits in its name too', () => {
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const lane = key()
    const given = config({ evm: [chain({ laneKeys: ['$LANE_KEY_2'] })] })
    expect(refusalsOf(given, read({ LANE_KEY_2: lane }))).toEqual([])
    expect(readConfig(path, { LANE_KEY_2: lane }).evm[0]?.laneKeys).toEqual([lane])
  })
})

test('only a local network has a clock that is moved, and with it all that a test may do', () => {
  const clockOf = (network: 'local' | 'testnet' | 'mainnet') => openGround({ ...checkConfig(config()), network }).testClock
  expect([clockOf('testnet'), clockOf('mainnet')]).toEqual([undefined, undefined])
  expect(clockOf('local')).toBeDefined()
})
