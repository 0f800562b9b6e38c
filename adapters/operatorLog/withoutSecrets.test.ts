import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { withoutSecrets } from './withoutSecrets.ts'

const hex = (name: string) => createHash('sha256').update(name).digest('hex')
const KEY = hex('a private key')
const PREIMAGE = hex('a preimage')
const MACAROON = `AgEDbG5kAvgBAwoQ${Buffer.from(hex('macaroon')).toString('base64')}`
const TOKEN = hex('a project').slice(0, 32)
const NSEC = `nsec1${'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.repeat(2).slice(0, 58)}`
const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHo0\nMC4CAQAwBQYDK2VwBCIEIHo1\n-----END PRIVATE KEY-----\n'
const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

/** The line that a logger writes of this. */
function lineOf(log: (logger: pino.Logger) => void): string {
  const lines: string[] = []
  log(pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(withoutSecrets(line)) }))
  return lines.join('')
}

describe('a planted secret is in no line', () => {
  test.each<[string, string, (logger: pino.Logger) => void]>([
    ['an API key in a message', 'sk_live0123456789', (l) => l.info('the key sk_live0123456789 is unknown')],
    ['an authorization header', 'c2VjcmV0', (l) => l.info({ headers: { authorization: 'Custom c2VjcmV0IG9mIG1pbmU' } }, 'a request')],
    ['a header in text', 'Zm9vYmFy', (l) => l.warn('refused Authorization: Basic Zm9vYmFyYmF6')],
    ['an L402 token', MACAROON, (l) => l.info({ got: `L402 ${MACAROON}:${PREIMAGE}` }, 'a proof')],
    ['a macaroon alone', MACAROON, (l) => l.error(`LND did not take ${MACAROON}`)],
    ['a macaroon in hex', '0201036c6e6402f8', (l) => l.error(`LND did not take 0201036c6e6402f8${'ab12'.repeat(30)}`)],
    ['a preimage by its name', PREIMAGE.slice(0, 16), (l) => l.info({ payment: { preimage: PREIMAGE } }, 'settled')],
    ['a preimage by its shape', PREIMAGE.slice(8), (l) => l.info(`settled with ${PREIMAGE}`)],
    ['a private key', KEY.slice(8), (l) => l.error(new Error(`cannot sign with 0x${KEY}`))],
    ['keys of a configuration', KEY.slice(0, 12), (l) => l.info({ evm: [{ operatorKey: KEY, laneKeys: [KEY, KEY] }] })],
    ['a seed', 'legal winner', (l) => l.error({ wallet: { hint: PHRASE } }, 'a wallet')],
    ['a NWC uri', hex('nwc'), (l) => l.info(`app at nostr+walletconnect://ab?relay=wss://r.example&secret=${hex('nwc')}`)],
    ['a database URL', 'hunter2', (l) => l.error(new Error('connect postgresql://books:hunter2@db.example:5432/yard failed'))],
    ['a cause of an error', 'hunter2', (l) => l.error({ err: new Error('no', { cause: new Error('password: hunter2') }) })],
    ['a password with an @ in it', 'ss@', (l) => l.error('connect postgres://user:p@ss@db.example:5432/yard failed')],
    ['the path of a provider', TOKEN, (l) => l.error(`POST https://mainnet.infura.io/v3/${TOKEN} failed`)],
    ['the path of another provider', 'Zx-9_kQ', (l) => l.error({ url: 'https://eth.g.alchemy.com/v2/Zx-9_kQw3RtYuIoP1AsDf' }, 'no answer')],
    ['a secret in a path behind a port', TOKEN, (l) => l.error(`wss://rpc.example:8546/${TOKEN}?x=1 closed`)],
    ['an API key in a query', 'short1', (l) => l.error('GET https://rpc.example/eth?chain=1&apikey=short1&x=2 failed')],
    ['another API key in a query', 'short2', (l) => l.error({ url: 'https://rpc.example/?api_key=short2' })],
    ['the secret of an LNURL', 'c0ffee', (l) => l.error('GET /lnurl/withdraw?tag=x&k1=c0ffee01')],
    ['the secret of an LNURL by its name', 'c0ffee', (l) => l.error({ query: { k1: 'c0ffee01' } })],
    ['a Nostr key', NSEC.slice(4), (l) => l.error(`cannot sign as ${NSEC}`)],
    ['a PEM', 'MC4CAQ', (l) => l.error(new Error(`bad key ${PEM}`))],
    ['a PEM without its end', 'MC4CAQ', (l) => l.error(PEM.slice(0, 80))],
    ['a passphrase', 'opensesame', (l) => l.error('passphrase: opensesame')],
    ['a passphrase by its name', 'opensesame', (l) => l.error({ passphrase: 'opensesame', sslPassphrase: 'opensesame' })],
    ['a token', 'tok123', (l) => l.error('refused token=tok123')],
    ['a token by its name', 'tok123', (l) => l.error({ access_token: 'tok123', token: 'tok123' })],
  ])('%s', (_, secret, log) => {
    expect(lineOf(log)).not.toContain(secret)
    expect(lineOf(log).length).toBeGreaterThan(20)
  })
})

test('a line stays JSON, and what is no secret stays in it', () => {
  const txid = `0x${hex('a transaction')}`
  const line = lineOf((l) =>
    l.info({ payment: 'pi_0193', rail: 'evm:8453', tx: txid, operatorKey: 'x"y\\z', ms: 3 }, 'the payment is settled'),
  )
  const read = JSON.parse(line)
  expect(read).toMatchObject({
    level: 30,
    payment: 'pi_0193',
    rail: 'evm:8453',
    operatorKey: '[hidden]',
    ms: 3,
    msg: 'the payment is settled',
  })
  expect(read.tx).toBe(`${txid.slice(0, 10)}...`)
  expect(JSON.parse(lineOf((l) => l.info('password: abc "quoted" def'))).level).toBe(30)
})

test('a URL keeps its host and what in it is no secret, and an amount of a token or its address is none', () => {
  const read = (text: string) => JSON.parse(lineOf((l) => l.info(text))).msg
  expect(read(`POST https://mainnet.infura.io/v3/${TOKEN} failed`)).toBe('POST https://mainnet.infura.io/v3/[hidden] failed')
  expect(read('GET https://rpc.example/eth?chain=1&apikey=short1&x=2 failed')).toBe(
    'GET https://rpc.example/eth?chain=1&apikey=[hidden]&x=2 failed',
  )
  expect(read('connect postgres://user:p@ss@db.example:5432/yard failed')).toBe('connect postgres://[hidden]@db.example:5432/yard failed')
  for (const kept of [
    'see https://docs.example/a-page-of-the-documentation/settings',
    'mail a@b.example about https://b.example/x',
    'a token of 5 USDC',
  ])
    expect(read(kept)).toBe(kept)
  expect(lineOf((l) => l.info({ tokenAddress: '0x5FbDB2315678afecb367f032d93F642f64180aa3' }))).toContain('0x5FbDB')
})
