import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challengeKeys } from '../../gateway/payins/challenge/challengeKeys.ts'
import { evmChallenge, readBinding } from '../../gateway/payins/challenge/mppChallenge.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import {
  type Challenge,
  type Changes,
  challengeOf,
  chargeNonce,
  chargePayload,
  credentialHeader,
  signTransfer,
  x402Header,
  x402Payment,
} from './proofs.ts'
import { trialBalanceOf } from './trialBalance.ts'
import { type Answer, control, type Json, partyWith, startYard, undividedUnits, until, verified, type Yard } from './yard.ts'

const OTHER = '0x00000000000000000000000000000000000000ff'
const SOME_PARTY = `pa_${'0'.repeat(32)}`

let yard: Yard
let payer: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard()
  payer = await partyWith(yard, { name: 'payer', eur: '1.00' })
}, 90_000)
afterAll(() => yard?.close(), 30_000)

type Account = { account: string; asset: string; debits: string; credits: string; debits_pending: string; credits_pending: string }

/** The whole trial balance: what a refused request must leave as it was. */
const trialBalance = () => trialBalanceOf<Account>(yard)

/** RFC 9457 with our code, a hint that helps, and nothing that a caller must not see. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({ status, body: { status, code } })
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  for (const field of ['type', 'title', 'detail', 'hint']) expect(answer.body[field]).toEqual(expect.stringMatching(/.{5,}/))
  const text = JSON.stringify(answer.body)
  expect(text).not.toMatch(/node_modules|\.[jt]s:\d|file:\/\/|"stack"|revert|sk_[A-Za-z0-9]|0x[0-9a-fA-F]{65,}/)
  for (const secret of [yard.config.challengeSecret, yard.chain.operatorKey, yard.dataDir]) expect(text).not.toContain(secret)
}

const intentBody = (change: Json = {}) => ({ amount: { asset: 'USD', amount: '0.10' }, split: yard.split(), ...change })
const priced = (amount: unknown) => intentBody({ amount: { asset: 'USD', amount } })
const payoutBody = (change: Json = {}) => ({
  party: payer.id,
  amount: { asset: 'EUR', amount: '0.10' },
  destinations: [{ kind: 'evm_address', address: OTHER }],
  ...change,
})
type Call = { path: string; body?: unknown; key?: string | null; headers?: Record<string, string>; method?: string }
const toIntents = (body: unknown): Call => ({ path: '/v1/payment_intents', body })
const toPayouts = (body: unknown): Call => ({ path: '/v1/payouts', body })
const ask = ({ method = 'POST', path, ...o }: Call) => yard.call(method, path, o)

describe('a request that is not right is refused with a problem and moves nothing', () => {
  test.each<[string, number, string, () => Call]>([
    ['an unknown field', 400, 'invalid_request', () => toIntents(intentBody({ colour: 'red' }))],
    ['an unknown field inside', 400, 'invalid_request', () => toIntents(intentBody({ amount: { asset: 'USD', amount: '1', tip: '1' } }))],
    ['an amount that is a float', 400, 'invalid_request', () => toIntents(priced(0.1))],
    ['an amount that is a whole number', 400, 'invalid_request', () => toIntents(priced(1))],
    ['an amount in exponent form', 400, 'invalid_amount', () => toIntents(priced('1e3'))],
    ['an amount that is no number', 400, 'invalid_amount', () => toIntents(priced('NaN'))],
    ['an empty amount', 400, 'invalid_amount', () => toIntents(priced(''))],
    ['a negative amount', 400, 'invalid_amount', () => toIntents(priced('-1'))],
    ['a zero amount', 400, 'invalid_amount', () => toIntents(priced('0.000000'))],
    ['a too precise amount', 400, 'invalid_amount', () => toIntents(priced('0.0000005'))],
    ['an amount in a wrong asset', 400, 'invalid_request', () => toIntents(intentBody({ amount: { asset: 'GBP', amount: '1' } }))],
    ['both a split and a payee', 400, 'invalid_request', () => toIntents(intentBody({ payee: payer.id }))],
    ['an unknown split', 404, 'not_found', () => toIntents(intentBody({ split: `sp_${'0'.repeat(32)}` }))],
    ['JSON that is cut off', 400, 'invalid_request', () => toIntents('{"amount": {')],
    ['a body that is no object', 400, 'invalid_request', () => toIntents('[]')],
    ['an empty JSON body', 400, 'invalid_request', () => toIntents('')],
    ['a poisoned prototype', 400, 'invalid_request', () => toIntents('{"__proto__": {"amount": "1"}}')],
    ['a body over 64 kB', 413, 'body_too_large', () => toIntents(intentBody({ description: 'x'.repeat(70_000) }))],
    ['another content type', 415, 'unsupported_media_type', () => ({ ...toIntents('amount=1'), headers: { 'content-type': 'text/xml' } })],
    ['a payout in an unknown asset', 400, 'unknown_asset', () => toPayouts(payoutBody({ amount: { asset: 'DOGE', amount: '1' } }))],
    ['a payout of a float', 400, 'invalid_request', () => toPayouts(payoutBody({ amount: { asset: 'EUR', amount: 0.1 } }))],
    ['a payout of nothing', 400, 'invalid_amount', () => toPayouts(payoutBody({ amount: { asset: 'EUR', amount: '0' } }))],
    ['a payout below nothing', 400, 'invalid_amount', () => toPayouts(payoutBody({ amount: { asset: 'EUR', amount: '-0.1' } }))],
    [
      'a payout to no address',
      400,
      'invalid_request',
      () => toPayouts(payoutBody({ destinations: [{ kind: 'evm_address', address: '0x1' }] })),
    ],
    [
      'a payout to a cut invoice',
      400,
      'invalid_request',
      () => toPayouts(payoutBody({ destinations: [{ kind: 'lightning_invoice', invoice: 'lnbcrt1'.padEnd(40, 'q') }] })),
    ],
    [
      'a payout to a wrong IBAN',
      400,
      'invalid_request',
      () => toPayouts(payoutBody({ destinations: [{ kind: 'iban', iban: 'DE00500105175407324931', name: 'X' }] })),
    ],
    ['a payout over the balance', 402, 'insufficient_balance', () => toPayouts(payoutBody({ amount: { asset: 'EUR', amount: '5.00' } }))],
    ['a payout of an unknown party', 404, 'not_found', () => toPayouts(payoutBody({ party: SOME_PARTY }))],
    [
      'a refund of what nobody overpaid',
      402,
      'insufficient_balance',
      () => toPayouts(payoutBody({ party: undefined, surplus: `pi_${'0'.repeat(32)}` })),
    ],
    [
      'a table with an account twice',
      400,
      'invalid_split',
      () => ({ path: '/v1/splits', body: { payees: [1, 2].map((shares) => ({ party: payer.id, account: OTHER, shares })) } }),
    ],
    [
      'a table with a negative share',
      400,
      'invalid_request',
      () => ({ path: '/v1/splits', body: { payees: [{ party: payer.id, account: OTHER, shares: -1 }] } }),
    ],
    ['no Idempotency-Key', 400, 'idempotency_key_missing', () => ({ ...toIntents(intentBody()), headers: { 'idempotency-key': '' } })],
    [
      'a short Idempotency-Key',
      400,
      'idempotency_key_missing',
      () => ({ ...toIntents(intentBody()), headers: { 'idempotency-key': 'short' } }),
    ],
    ['no key', 401, 'unauthorized', () => ({ ...toIntents(intentBody()), key: null })],
    ['an unknown key', 401, 'unauthorized', () => ({ ...toIntents(intentBody()), key: 'sk_0123456789abcdef' })],
    ['a malformed Bearer', 401, 'unauthorized', () => ({ ...toIntents(intentBody()), key: null, headers: { authorization: 'Bearer {}' } })],
    ["another party's balance", 404, 'not_found', () => ({ method: 'GET', path: `/v1/parties/${SOME_PARTY}`, key: payer.key })],
    ["another party's payout", 403, 'forbidden', () => ({ ...toPayouts(payoutBody({ party: SOME_PARTY })), key: payer.key })],
    ["an operator's page", 403, 'forbidden', () => ({ method: 'GET', path: '/v1/balances', key: payer.key })],
    ['an unknown path', 404, 'not_found', () => ({ method: 'GET', path: '/v1/payment_intent' })],
    ['an unknown method', 404, 'not_found', () => ({ method: 'DELETE', path: '/v1/payment_intents' })],
    ['a path that is not UTF-8', 400, 'invalid_request', () => ({ method: 'GET', path: '/v1/parties/%ff' })],
    ['an id that is far too long', 400, 'invalid_request', () => ({ method: 'GET', path: `/v1/parties/${'a'.repeat(500)}` })],
    ['a page without end', 400, 'invalid_request', () => ({ method: 'GET', path: '/v1/payment_intents?limit=1000000' })],
  ])('%s', async (_name, status, code, call) => {
    const before = await trialBalance()
    expectProblem(await ask(call()), status, code)
    expect(await trialBalance()).toEqual(before)
  })

  test('an Idempotency-Key that is used again with another body', async () => {
    const headers = { 'idempotency-key': 'one-key-two-bodies' }
    const first = await ask({ ...toIntents(intentBody()), headers })
    expectProblem(await ask({ ...toIntents(intentBody({ description: 'other' })), headers }), 422, 'idempotency_key_reused')
    const again = await ask({ ...toIntents(intentBody()), headers })
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true'])
    expect(again.body).toEqual(first.body)
  })

  test("a stranger's attempt to cancel an intent", async () => {
    const { body } = await ask(toIntents(intentBody()))
    expectProblem(await ask({ path: `/v1/payment_intents/${body.id}/cancel`, key: payer.key }), 404, 'not_found')
    expect((await yard.call('GET', `/v1/payment_intents/${body.id}`)).body.status).toBe('open')
  })
})

/** A proof that is signed with care and wrong in one thing. */
type Wrong = (challenge: Challenge) => Promise<Record<string, string>>
const x402Signed =
  (changes: Changes): Wrong =>
  async (challenge) =>
    x402Header(challenge, await signTransfer(yard, { challenge, customer: 0, changes }))
const x402Accepting =
  (accepted: { network?: string; asset?: Hex; payTo?: Hex; amount?: string }): Wrong =>
  async (challenge) =>
    x402Header(challenge, await signTransfer(yard, { challenge, customer: 0 }), accepted)
const charge =
  (o: { changes?: Changes; alter?: Record<string, string> }): Wrong =>
  async (challenge) => {
    const signed = await signTransfer(yard, { challenge, customer: 0, changes: { nonce: chargeNonce(challenge), ...o.changes } })
    return credentialHeader({ ...challenge.evm, ...o.alter }, chargePayload(signed))
  }

/** The chain of ours that the challenge does not offer first: which one is the dearer is the market's matter. */
function otherChain({ x402 }: Challenge): number {
  return yard.world.chains.find(({ chainId }) => x402.accepts[0]!.network !== `eip155:${chainId}`)!.chainId
}
const x402SignedForOther: Wrong = async (challenge) => x402Signed({ chainId: otherChain(challenge) })(challenge)
const x402AcceptingOther: Wrong = async (challenge) => x402Accepting({ network: `eip155:${otherChain(challenge)}` })(challenge)
const chargeSignedForOther: Wrong = async (challenge) => charge({ changes: { chainId: otherChain(challenge) } })(challenge)

/** A challenge of this gateway that was payable once: made with its own secret, as of an hour ago. */
const expired: Wrong = async (challenge) => {
  const { chain } = yard
  const request = JSON.parse(Buffer.from(challenge.evm.request!, 'base64url').toString())
  const asset = { id: chain.token, code: 'USDC', scale: 6, ledger: 100 }
  const names = { tokenName: chain.tokenName, tokenVersion: chain.tokenVersion, hub: chain.hub, splitId: OTHER, ref: OTHER } as const
  const wire = { kind: 'evm' as const, chainId: chain.chainId, token: chain.token, payTo: request.recipient as Hex, ...names }
  const expiresAt = Date.now() - 3_600_000
  const old = evmChallenge(
    { rail: 'evm:31337', amount: { asset, units: BigInt(request.amount) }, expiresAt, reference: 'old', wire },
    {
      realm: challenge.evm.realm!,
      expiresAt,
      binding: readBinding(request.externalId)!,
      keys: challengeKeys({ current: Buffer.from(yard.config.challengeSecret) }),
    },
  )
  const evm = old as unknown as Record<string, string> // All parameters of a sealed challenge are texts.
  return credentialHeader(
    evm,
    chargePayload(await signTransfer(yard, { challenge, customer: 0, changes: { nonce: chargeNonce({ ...challenge, evm }) } })),
  )
}

const soon = () => BigInt(Math.floor(Date.now() / 1000)) // not money: a time
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a proof that is not right is refused, and pays nothing', () => {
  test.each<[string, number, string, Wrong]>([
    ['x402 for another amount', 402, 'proof_wrong_amount', x402Signed({ value: 1_999n })],
    ['x402 for more than asked', 402, 'proof_wrong_amount', x402Signed({ value: 2_001n })],
    ['x402 for another payee', 402, 'proof_wrong_payee', x402Signed({ to: OTHER })],
    ['x402 signed for another chain', 402, 'proof_bad_signature', x402Signed({ chainId: 1 })],
    ['x402 of one of our chains, signed for the other', 402, 'proof_bad_signature', x402SignedForOther],
    ['x402 that accepts our other chain', 402, 'challenge_altered', x402AcceptingOther],
    ['a charge of one of our chains, signed for the other', 402, 'proof_bad_signature', chargeSignedForOther],
    ['x402 signed for another token', 402, 'proof_bad_signature', x402Signed({ token: OTHER })],
    ['x402 that accepts another chain', 402, 'proof_wrong_chain', x402Accepting({ network: 'eip155:1' })],
    ['x402 that accepts another token', 402, 'proof_wrong_token', x402Accepting({ asset: OTHER })],
    ['x402 that accepts another payee', 402, 'proof_wrong_payee', x402Accepting({ payTo: OTHER })],
    ['x402 that accepts another amount', 402, 'proof_wrong_amount', x402Accepting({ amount: '1' })],
    ['x402 that ends at once', 402, 'proof_expires_soon', async (c) => x402Signed({ validBefore: soon() })(c)],
    ['x402 that begins later', 402, 'proof_not_yet_valid', async (c) => x402Signed({ validAfter: soon() + 60n })(c)],
    [
      'x402 with the signature of another message',
      402,
      'proof_bad_signature',
      async (challenge) => {
        const signed = await signTransfer(yard, { challenge, customer: 0 })
        return x402Header(challenge, { ...signed, authorization: { ...signed.authorization, nonce: `0x${'ab'.repeat(32)}` } })
      },
    ],
    ['x402 on another rail', 402, 'proof_unsupported', x402Accepting({ network: 'solana:mainnet' })],
    ['PAYMENT-SIGNATURE that is not base64', 400, 'proof_malformed', async () => ({ 'payment-signature': '%%%' })],
    ['PAYMENT-SIGNATURE that is not JSON', 400, 'proof_malformed', async () => ({ 'payment-signature': base64('{"x402Version":') })],
    ['PAYMENT-SIGNATURE without fields', 400, 'proof_malformed', async () => ({ 'payment-signature': base64('{}') })],
    ['PAYMENT-SIGNATURE without end', 400, 'proof_malformed', async () => ({ 'payment-signature': 'a'.repeat(9_000) })],
    ['a charge with the nonce of another challenge', 402, 'proof_wrong_nonce', charge({ changes: { nonce: `0x${'cd'.repeat(32)}` } })],
    ['a charge for another amount', 402, 'proof_wrong_amount', charge({ changes: { value: 1n } })],
    ['a charge for another payee', 402, 'proof_wrong_payee', charge({ changes: { to: OTHER } })],
    ['a charge with a later expiry', 402, 'challenge_altered', charge({ alter: { expires: '2099-01-01T00:00:00.000Z' } })],
    ['a charge of another realm', 402, 'challenge_altered', charge({ alter: { realm: 'example.com' } })],
    ['a charge with another request', 402, 'challenge_altered', charge({ alter: { request: Buffer.from('{}').toString('base64url') } })],
    ['a charge that has expired', 402, 'challenge_expired', expired],
    ['Authorization: Payment that is not base64', 402, 'credential_malformed', async () => ({ authorization: 'Payment %%%' })],
    [
      'Authorization: Payment that is not JSON',
      402,
      'credential_malformed',
      async () => ({ authorization: `Payment ${base64('{').replace('=', '')}` }),
    ],
    ['Authorization: Payment without anything', 402, 'credential_malformed', async () => ({ authorization: 'Payment' })],
    [
      'a preimage that opens nothing',
      402,
      'proof_wrong_preimage',
      async (c) => credentialHeader(c.lightning, { preimage: '0'.repeat(64) }),
    ],
    [
      'an L402 token with a wrong preimage',
      402,
      'proof_wrong_preimage',
      async (c) => ({ authorization: `L402 ${c.l402.macaroon}:${'0'.repeat(64)}` }),
    ],
    [
      'an L402 token that is altered',
      402,
      'challenge_altered',
      async (c) => ({ authorization: `L402 ${`${c.l402.macaroon!.slice(0, -6)}AAAA==`}:${'0'.repeat(64)}` }),
    ],
    ['Authorization: L402 that is no token', 402, 'token_malformed', async () => ({ authorization: 'L402 %%%' })],
    ['Authorization: L402 that is no macaroon', 402, 'token_malformed', async () => ({ authorization: `L402 AAAA:${'0'.repeat(64)}` })],
    ['a Bearer that is cut off', 401, 'unauthorized', async () => ({ authorization: 'Bearer sk_1' })],
    ['an unknown Bearer', 401, 'unauthorized', async () => ({ authorization: 'Bearer sk_0123456789abcdef' })],
    ['a balance without an Idempotency-Key', 400, 'idempotency_key_missing', async () => ({ authorization: `Bearer ${payer.key}` })],
    [
      'two proofs at once',
      400,
      'proof_ambiguous',
      async (c) => ({ ...(await x402Signed({})(c)), authorization: `L402 ${c.l402.macaroon}:${'0'.repeat(64)}` }),
    ],
    [
      'a balance and a proof at once',
      400,
      'proof_ambiguous',
      async (c) => ({ ...(await x402Signed({})(c)), authorization: `Bearer ${payer.key}`, 'idempotency-key': 'both-at-once' }),
    ],
  ])('%s', async (_name, status, code, wrong) => {
    const before = await trialBalance()
    const answer = await yard.call('GET', '/demo/joke', { key: null, headers: await wrong(await challengeOf(yard.route())) })
    expectProblem(answer, status, code)
    // Whoever is told to pay is told how.
    if (status === 402) expect(answer.headers.get('payment-required')).not.toBeNull()
    expect(answer.headers.get('switchyard-receipt')).toBeNull()
    expect(await trialBalance()).toEqual(before)
  })
})

/** What the split has got in all: undivided on chain, and in its payees' balances. */
async function splitGot(): Promise<{ undivided: bigint; parties: string[] }> {
  const { body } = await yard.call<{ payees: { party: string }[] }>('GET', `/v1/splits/${yard.split()}`)
  const all = await trialBalance()
  const units = (party: string) => all.find((a) => a.account === `party:${party}` && a.asset === 'USDC')?.credits ?? '0'
  return { undivided: await undividedUnits(yard), parties: body.payees.map((p) => units(p.party)) }
}

const COPIES = 100
/** The same request so often at once: every answer is the one answer, or says that it is running. */
async function copies(headers: Record<string, string>): Promise<Answer[]> {
  const answers = await Promise.all(Array.from({ length: COPIES }, () => yard.call('GET', '/demo/joke', { key: null, headers })))
  const paid = answers.filter((a) => a.status === 200)
  expect(paid.length).toBeGreaterThan(0)
  expect(new Set(paid.map((a) => `${a.headers.get('switchyard-receipt')} ${JSON.stringify(a.body)}`)).size).toBe(1)
  expect(paid.filter((a) => a.headers.get('idempotent-replayed') !== 'true')).toHaveLength(1)
  for (const other of answers.filter((a) => a.status !== 200)) expectProblem(other, 409, 'request_in_progress')
  return paid
}

const onceMore = (got: string[], added: bigint[]) => got.map((units, i) => `${BigInt(units) + added[i]!}`)

describe('a proof pays once', () => {
  test('x402 a hundred times at once, then for the same and for another request', async () => {
    const before = await splitGot()
    const headers = await x402Payment(yard, await challengeOf(yard.route()), 0)
    const [paid] = await copies(headers)
    await until('the collection', async () => (await splitGot()).undivided !== before.undivided)
    const again = await yard.call('GET', '/demo/joke', { key: null, headers })
    expect(again).toMatchObject({ status: 200, body: paid!.body })
    expect(again.headers.get('switchyard-receipt')).toBe(paid!.headers.get('switchyard-receipt'))
    expectProblem(await yard.call('GET', '/demo/joke?other=1', { key: null, headers }), 402, 'challenge_altered')
    expect(await verified(yard)).toMatchObject({ ok: true })
    expect([before.undivided, (await splitGot()).undivided]).toEqual([0n, 2_000n])
  })

  test('a paid L402 token a hundred times at once, then for another request', async () => {
    const before = await splitGot()
    const { l402, lightning } = await challengeOf(yard.route())
    const { preimage } = await control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', { invoice: l402.invoice })
    await copies({ authorization: `L402 ${l402.macaroon}:${preimage}` })
    expect((await splitGot()).parties).toEqual(onceMore(before.parties, [1_400n, 400n, 200n]))
    // The same payment in other clothes is for the same request.
    const other = await yard.call('GET', '/demo/joke?other=1', { key: null, headers: credentialHeader(lightning, { preimage }) })
    expectProblem(other, 402, 'challenge_wrong_route')
  })

  test('a balance a hundred times at once, then for another request', async () => {
    const before = await splitGot()
    const headers = { authorization: `Bearer ${payer.key}`, 'idempotency-key': 'a-hundred-copies' }
    await copies(headers)
    expect((await splitGot()).parties).toEqual(onceMore(before.parties, [1_400n, 400n, 200n]))
    expectProblem(await yard.call('GET', '/demo/joke?other=1', { key: null, headers }), 422, 'idempotency_key_reused')
  })
})

describe('a bank file that is not right', () => {
  test.each([
    ['is cut in half', 'half', (xml: string) => xml.slice(0, xml.length / 2)],
    ['is in a currency that the account does not have', 'yen', (xml: string) => xml.replaceAll('Ccy="EUR"', 'Ccy="JPY"')],
    ['is no file of a bank', 'noise', () => '<html>502 Bad Gateway</html>'],
  ])('%s is put aside and named, and books nothing', async (_name, name, spoil) => {
    const before = await trialBalance()
    writeFileSync(join(yard.config.bank!.folder, 'inbox', `${name}.xml`), spoil(notification(yard.config.bank!.account.iban)))
    const problems = await until('the problem', async () => {
      const { body } = await yard.call<{ problems: { rail: string; detail: string; what: string }[] }>('GET', '/v1/suspense')
      return body.problems.some((p) => JSON.stringify(p).includes(name)) && body.problems
    })
    expect(problems.every((p) => p.rail === 'bank')).toBe(true)
    expect(await trialBalance()).toEqual(before)
  })
})

/** A camt.054 notification of one credit, right in every part. */
function notification(iban: string): string {
  const when = new Date().toISOString().slice(0, 19)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>',
    `<GrpHdr><MsgId>SPOILED</MsgId><CreDtTm>${when}Z</CreDtTm></GrpHdr>`,
    `<Ntfctn><Id>SPOILED</Id><CreDtTm>${when}Z</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
    '<Ntry><Amt Ccy="EUR">9.99</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>',
    `<BookgDt><Dt>${when.slice(0, 10)}</Dt></BookgDt><AcctSvcrRef>SPOILED-1</AcctSvcrRef>`,
    '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>',
    '<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">9.99</Amt><CdtDbtInd>CRDT</CdtDbtInd>',
    '<RmtInf><Ustrd>spoiled</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>',
  ].join('')
}

test('after all this, every balance agrees with every rail', async () => {
  expect(await verified(yard)).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
})
