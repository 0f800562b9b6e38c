import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { withoutSecrets } from './withoutSecrets.ts'

const hex = (name: string) => createHash('sha256').update(name).digest('hex')
const KEY = hex('a private key')
const PREIMAGE = hex('a preimage')
const MACAROON = `AgEDbG5kAvgBAwoQ${Buffer.from(hex('macaroon')).toString('base64')}`
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
