import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { checkConfig, readConfig } from './config.ts'
import { settingNames } from './settingNames.ts'
import { shape } from './shape.ts'
import { looksLikeName } from './shownText.ts'

const random = (name: string) => createHash('sha256').update(name).digest()
const HUB = `0x${'b'.repeat(40)}`
const chain = (change: object = {}) => ({
  chainId: 8453,
  rpcUrls: ['https://one.example/rpc'],
  hub: HUB,
  operatorKey: `0x${random('key').toString('hex')}`,
  token: { address: HUB, name: 'USD Coin', version: '2', ledger: 100 },
  finality: { tag: 'safe' },
  ...change,
})
const BANK = {
  folder: './bank',
  account: { iban: 'DE89370400440532013000', name: 'Yard', townName: 'Berlin', country: 'DE' },
  feeEur: '0.02',
}
const LND = { socket: 'lnd.example:10009', macaroon: './admin.macaroon' }
const config = (change: object = {}) => ({
  network: 'testnet',
  dataDir: 'data',
  operatorKey: `sk_${random('operator').toString('base64url')}`,
  challengeSecret: random('challenges').toString('base64url'),
  prices: { BTC: '100000', EUR: '1.08', ETH: '3000', USDC: '1' },
  evm: [chain()],
  ...change,
})

function refusalsOf(given: unknown): { setting: string; message: string; hint: string }[] {
  try {
    checkConfig(given)
    return []
  } catch (error) {
    if (!isGatewayError(error, 'unsafe_configuration')) throw error
    return (error.meta as { errors: { setting: string; message: string; hint: string }[] }).errors
  }
}

test.each<[string, object, string, RegExp]>([
  ['a number out of its range', { port: 70_000 }, 'port', /port is 70000; expected .*65535/],
  ['a text for a number', { port: '8402' }, 'port', /port is the text "8402"; expected a whole number/],
  ['a number for a text', { dataDir: 7 }, 'dataDir', /dataDir is 7; expected a text/],
  ['nothing', { dataDir: undefined }, 'dataDir', /dataDir is missing; expected a text/],
  ['an empty text', { dataDir: '' }, 'dataDir', /dataDir is the text ""; expected .*at least 1/],
  ['another network', { network: 'signet' }, 'network', /network is the text "signet"; expected one of local, testnet, mainnet/],
  ['a name that is no setting', { prots: 1 }, 'prots', /prots is not a setting/],
  [
    'a name that is no setting of a chain',
    { evm: [chain({ rpcUrl: 'https://x.example/secret' })] },
    'evm.0.rpcUrl',
    /evm\.0\.rpcUrl is not a setting/,
  ],
  ['a chain without a node', { evm: [chain({ rpcUrls: [] })] }, 'evm.0.rpcUrls.0', /evm\.0\.rpcUrls\.0 is missing; expected a text/],
  ['half an address', { evm: [chain({ hub: '0x12' })] }, 'evm.0.hub', /evm\.0\.hub is the text "0x12"; expected 0x and 40 hex digits/],
  [
    'a price that is a number',
    { prices: { BTC: 100_000, EUR: '1.08', ETH: '3000', USDC: '1' } },
    'prices.BTC',
    /prices\.BTC is 100000; expected .*text/,
  ],
  [
    'a price with a comma',
    { prices: { BTC: '100,000', EUR: '1.08', ETH: '3000', USDC: '1' } },
    'prices.BTC',
    /"100,000"; expected a decimal such as "12\.50"/,
  ],
  [
    'an unknown finality',
    { evm: [chain({ finality: { tag: 'latest' } })] },
    'evm.0.finality.tag',
    /tag is the text "latest"; expected one of safe, finalized/,
  ],
  ['no finality', { evm: [chain({ finality: 3 })] }, 'evm.0.finality', /finality is 3; expected an object/],
  [
    'a data fee of another kind',
    { evm: [chain({ l1DataFee: 'op' })] },
    'evm.0.l1DataFee',
    /l1DataFee is the text "op"; expected none or an object/,
  ],
  ['a proxy that is no address', { trustedProxies: ['proxy'] }, 'trustedProxies.0', /"proxy"; expected .*IPv4.* or .*IPv6/],
  [
    'a socket with a scheme',
    { lightning: { lnd: { ...LND, socket: 'https://lnd.example' } } },
    'lightning.lnd.socket',
    /expected host:port/,
  ],
  ['an LND without a macaroon', { lightning: { lnd: { socket: LND.socket } } }, 'lightning.lnd.macaroon', /macaroon is missing; expected/],
  [
    'a misspelled part of the macaroon',
    { lightning: { lnd: { ...LND, macaroon: { read: './a', pay: './bbbbbbb' } } } },
    'lightning.lnd.macaroon.read',
    /not a setting/,
  ],
  ['an empty Lightning', { lightning: {} }, 'lightning.lnd', /lightning\.lnd is missing/],
  ['a bank without an account', { bank: { folder: 'x', feeEur: '0' } }, 'bank.account', /bank\.account is missing; expected an object/],
  ['a fee with too many digits', { fees: { dayUsd: '1.1234567' } }, 'fees.dayUsd', /"1\.1234567"; expected dollars/],
  ['a relay over https', { nwc: { relays: ['https://r.example'] } }, 'nwc.relays.0', /nwc\.relays\.0 is .*; expected a URL/],
  [
    'two accounts for three payees',
    { network: 'local', demo: { payeeAccounts: [HUB] } },
    'demo.payeeAccounts',
    /payeeAccounts is .*; expected .*3/,
  ],
])('%s is told with the setting, what stands there and what is expected', (_, change, setting, message) => {
  const found = refusalsOf(config(change))
  expect(found.map((refusal) => refusal.setting)).toContain(setting)
  expect(found.find((refusal) => refusal.setting === setting)?.message).toMatch(message)
  for (const told of found) expect(`${told.message} ${told.hint}`).not.toMatch(/Invalid|\/\^|Unrecognized/)
})

test('a name that is no setting is told with those that there are', () => {
  const found = refusalsOf(config({ evm: [chain({ token: { ...chain().token, decimals: 6 } })], bank: { ...BANK, dir: 'x' } }))
  expect(found.map(({ setting, hint }) => [setting, hint])).toEqual([
    ['evm.0.token.decimals', 'Correct its name, or leave it out: there are address, name, version, ledger, signed.'],
    [
      'bank.dir',
      'Correct its name, or leave it out: there are folder, account, feeEur, feeSchedule, service, pollMs, sftp, settlementSeconds.',
    ],
  ])
})

test('a file that is not there is told apart from one that is no JSON', () => {
  const here = import.meta.filename
  expect(() => readConfig(`${here}.none`, {})).toThrow(/misshapen\.test\.ts\.none is not there/)
  expect(() => readConfig(here, {})).toThrow(/misshapen\.test\.ts is not JSON/)
})

test('a file that holds no object is told so', () => {
  expect(refusalsOf([])[0]?.message).toMatch(/the configuration is an empty list; expected an object/)
  expect(refusalsOf('x')[0]?.message).toMatch(/expected an object/)
})

test('what could be a secret is told by its length alone', () => {
  const typo = 'hunter2-is-the-password'
  const given = config({
    operatorKey: typo,
    challengeSecret: 'hunter2',
    operators: [{ name: 'anna', key: typo }],
    evm: [chain({ rpcUrls: [typo], operatorKey: typo, laneKeys: [typo] })],
    lightning: { lnd: { ...LND, cert: 'hunter2', macaroon: 'hunter2' } },
    journal: { postgres: { url: '', pasword: typo } },
    network: `sk_${typo}`,
  })
  const found = refusalsOf(given)
  expect(found.length).toBeGreaterThan(8)
  expect(JSON.stringify(found)).not.toContain('hunter2')
  expect(found.find(({ setting }) => setting === 'operatorKey')?.message).toMatch(/a text of 23 characters; expected sk_ and/)
})

test('what is only found later joins the one list', () => {
  const journal = { postgres: { url: 'postgresql://books:hunter2@db.example/yard' } }
  const found = refusalsOf(config({ journal, port: -1, suspense: { aloneUsdMax: '250' } }))
  expect(found.map(({ setting }) => setting).sort()).toEqual(['journal.postgres.url', 'port', 'suspense.aloneUsdMax'])
  expect(found.find(({ setting }) => setting === 'journal.postgres.url')).toMatchObject({
    message: expect.stringMatching(/sslmode unset/),
    hint: expect.stringMatching(/verify-full/),
  })
  expect(found.find(({ setting }) => setting === 'suspense.aloneUsdMax')?.message).toMatch(
    /Nobody could agree to what one operator asks for above 250/,
  )
  expect(JSON.stringify(found)).not.toContain('hunter2')
  const anna = [{ name: 'anna', key: `sk_${random('anna').toString('base64url')}` }]
  expect(refusalsOf(config({ suspense: { aloneUsdMax: '250' }, operators: anna }))).toEqual([])
})

test('a public network with no rail at all is refused, the local one is not', () => {
  expect(refusalsOf(config({ evm: [] }))).toMatchObject([{ setting: 'evm', message: expect.stringMatching(/no rail/) }])
  expect(refusalsOf(config({ evm: undefined, bank: BANK }))).toEqual([])
  expect(refusalsOf(config({ evm: [], network: 'local' }))).toEqual([])
})

const PASSWORDS = [
  'Zk7pQ2xV9mL4tR8w',
  'Ya879ZiXFTLWChG4C44QZ1fR',
  'q83vEjRWeJCrze8SNFZ4kKvN7xI0',
  'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
  'af86d081884c7d659a2feaa0c55ad0',
  random('a key').toString('hex'),
  'correct horse battery staple',
]
test.each<[string, (secret: string) => object]>([
  ['for a list of objects', (s) => ({ operators: [s] })],
  ['for the name of an operator', (s) => ({ operators: [{ [s]: 'anna' }] })],
  ['for a number', (s) => ({ port: s })],
  ['for one of some words', (s) => ({ network: s })],
  ['for an object', (s) => ({ lightning: s })],
  ['for another object', (s) => ({ suspense: s })],
  ['for a chain', (s) => ({ evm: [s] })],
  ['for an address of a chain', (s) => ({ evm: [chain({ hub: s })] })],
  ['for the name of a setting', (s) => ({ [s]: 1 })],
  ['for a price', (s) => ({ prices: { BTC: s, EUR: '1', ETH: '1', USDC: '1' } })],
  ['for a node', (s) => ({ lightning: { lnd: s } })],
  ['for a network of proxies', (s) => ({ trustedProxies: [s] })],
])('a secret that stands %s is not shown', (_, change) => {
  for (const secret of PASSWORDS) {
    const refusals = refusalsOf(config(change(secret)))
    expect(refusals).not.toEqual([])
    expect(JSON.stringify(refusals)).not.toContain(secret)
    expect(JSON.stringify(refusals)).toContain(`${secret.length} characters`)
  }
})

test('a number for a key is not shown', () => {
  expect(JSON.stringify(refusalsOf(config({ operatorKey: 84_021_133 })))).not.toContain('84021133')
})

test('every setting looks like one', () => {
  const parts = new Set(settingNames(shape).flatMap((name) => name.split(/[.[\]]+/)))
  expect([...parts].filter((name) => name !== '' && !looksLikeName(name))).toEqual([])
})
