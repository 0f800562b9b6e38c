import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { LANGUAGES } from '../../gateway/api/html/words/chooseWords.ts'
import { CLAIM_WORDS } from '../../gateway/api/html/words/claimWords.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// A person opens the link of a refund in a browser that runs no script, and says where the money goes.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

let keys = 0
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const page = async (link: string, headers: Record<string, string> = {}) => get(link, { ...BROWSER, ...headers })
const send = (link: string, fields: Record<string, string>) =>
  world.app.inject({
    method: 'POST',
    url: link,
    headers: { ...BROWSER, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  })
const plain = (html: string) => html.replace(/<head[\s\S]*?<\/head>/, '').replace(/<[^>]*>/g, '')

async function paid(url = '/joke') {
  const { macaroon, invoice } = askedOf(await get(url))
  return get(url, { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` })
}

/** A refund that waits for its payer: its id, and the page of its link. */
async function given(amount?: object) {
  const receipt = String((await paid()).headers['switchyard-receipt'])
  const headers = { authorization: `Bearer ${world.sellerKey}`, 'idempotency-key': `claim-page-${++keys}` }
  const answer = await world.app.inject({
    method: 'POST',
    url: '/v1/refunds',
    headers,
    payload: { payment: receipt, ...(amount && { amount }) },
  })
  const { id } = answer.json<{ id: string }>()
  const link = new URL(String(answer.headers['switchyard-refund'])).pathname
  return { id, receipt, link, claim: link.replace('/v1/refunds/', '/claim/') }
}
const status = async (id: string) =>
  (await get(`/v1/refunds/${id}`, { authorization: `Bearer ${world.sellerKey}` })).json<{ status: string }>().status

describe('the page of a refund', () => {
  test('is where a browser comes that opens the link; it is a secret, and nothing of it goes elsewhere', async () => {
    const { link, claim, receipt } = await given()
    const opened = await page(link)
    expect([opened.statusCode, opened.headers.location]).toEqual([303, claim])
    expect((await get(link, { accept: '*/*' })).json()).toMatchObject({ object: 'refund', state: 'due' })
    const shown = await page(claim)
    expect([shown.statusCode, shown.headers['referrer-policy'], shown.headers['cache-control']]).toEqual([200, 'no-referrer', 'no-store'])
    expect(shown.headers['content-security-policy']).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/)
    expect(plain(shown.body)).toMatch(/2 sat is waiting for you.*Where shall it go\?.*Forhttp:.*\/joke.*Claim it before/s)
    expect(shown.body).toContain(`/receipts/${receipt}`)
    expect(shown.body).not.toMatch(/<script|(?:href|src|action)=.https?:|undefined|NaN|\[object/)
    // Not in the page either, which a person may print or show.
    expect(shown.body.replaceAll(/lightning:lnurl1\w+/gi, '')).not.toContain(claim.slice(-32))
  })

  test('takes an invoice, once however often the form is sent, and then shows what was sent with its proof', async () => {
    const { id, claim } = await given()
    const all = await Promise.all(Array.from({ length: 10 }, () => send(claim, { to: ` lightning:${foreignInvoice(2_000n)} `, owner: '' })))
    expect(all.filter(({ statusCode, headers }) => statusCode === 303 && headers.location === claim)).not.toEqual([])
    await expect.poll(() => status(id)).toBe('succeeded')
    const after = plain((await page(claim)).body)
    expect(after).toMatch(/2 sat was sent\.\s.*Tolnbc.*….*Proof\w+/s)
    expect(after).not.toContain('Where shall it go')
    expect((await send(claim, { to: foreignInvoice(2_000n) })).statusCode).toBe(200)
    expect([world.payers.lightning.sent(), world.has(accounts.surplus(id), BTC)]).toEqual([2_000n, 0n])
  })

  test.each([
    ['an account on a chain', `0x${'5e'.repeat(20)}`, 'evm_address'],
    ['the same with spaces', ` 0x${'5e'.repeat(20)}\n`, 'evm_address'],
  ])('takes %s', async (_, to, kind) => {
    const { id, claim } = await given()
    expect((await send(claim, { to })).statusCode).toBe(303)
    await expect.poll(() => status(id)).toBe('succeeded')
    expect([...world.payers.chain.paid, ...world.payers.rollup.paid].map(({ destination }) => destination.kind)).toEqual([kind])
    expect(plain((await page(claim)).body)).toContain('0x5e5e5e…5e5e')
  })

  test.each([
    ['nothing', {}, 422, 'This is no address, invoice or IBAN that we know.'],
    ['a word', { to: '<script>alert(1)</script>' }, 422, 'This is no address, invoice or IBAN that we know.'],
    ['an IBAN without its owner', { to: 'DE89370400440532013000' }, 422, 'This is no address, invoice or IBAN that we know.'],
    ['a party of this gateway', { to: `pa_${'0'.repeat(32)}` }, 422, 'This is no address, invoice or IBAN that we know.'],
    ['an invoice over more', { to: foreignInvoice(3_000n) }, 422, 'The invoice has to be over 2 sat.'],
    [
      'an invoice that is none',
      { to: 'lnbc1qqqqqqqqqqqqqqqqqqqqqqqqqqqqq' },
      422,
      'It cannot be sent there. Check it, or name another place.',
    ],
  ] as const)('says of %s what to change, and sends nothing', async (_, fields, code, said) => {
    const { id, claim } = await given()
    const answer = await send(claim, fields)
    expect([answer.statusCode, plain(answer.body).includes(said), answer.body.includes('<script')]).toEqual([code, true, false])
    expect([await status(id), world.payers.lightning.sent(), world.has(accounts.surplus(id), BTC)]).toEqual(['needs_claim', 0n, 2_000n])
  })

  test('of work that was not served takes an invoice alone', async () => {
    world.fails(1)
    const claim = new URL(String((await paid('/flaky')).headers['switchyard-refund'])).pathname.replace('/v1/refunds/', '/claim/')
    expect(plain((await page(claim)).body)).toContain('A Lightning invoice over 200 sat')
    expect((await send(claim, { to: `0x${'5e'.repeat(20)}` })).statusCode).toBe(422)
    expect((await send(claim, { to: foreignInvoice(200_000n) })).statusCode).toBe(303)
    await expect.poll(async () => plain((await page(claim)).body)).toContain('200 sat was sent.')
    expect([world.payers.lightning.sent(), world.payers.chain.paid.length]).toEqual([200_000n, 0])
  })

  test('is gone when its time is over, and its money is with its seller again', async () => {
    const { id, claim } = await given()
    const cancel = { authorization: `Bearer ${world.sellerKey}`, 'idempotency-key': `cancel-page-${++keys}` }
    await world.app.inject({ method: 'POST', url: `/v1/refunds/${id}/cancel`, headers: cancel, payload: {} })
    const shown = plain((await page(claim)).body)
    expect([shown.includes('Nothing waits here any more.'), shown.includes('Where shall it go')]).toEqual([true, false])
    expect(plain((await send(claim, { to: foreignInvoice(2_000n) })).body)).toContain('Nothing waits here any more.')
    expect([world.payers.lightning.sent(), world.has(accounts.surplus(id), BTC)]).toEqual([0n, 0n])
  })

  test('tells nobody who guesses whether there is such a refund', async () => {
    const { id, claim } = await given()
    const guesses = [id, `${claim.slice('/claim/'.length, -4)}0000`, `rf_${'0'.repeat(64)}`, 'x', '%00']
    const answers = await Promise.all(
      guesses.flatMap((guess) => [page(`/claim/${guess}`), send(`/claim/${guess}`, { to: foreignInvoice(2_000n) })]),
    )
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
    expect([answers[0]!.statusCode, plain(answers[0]!.body)]).toEqual([404, expect.stringContaining('Nothing waits here any more.')])
  })

  test('speaks ten languages, each from right or left', async () => {
    const { claim } = await given()
    for (const { lang, dir } of LANGUAGES) {
      const { body } = await page(claim, { 'accept-language': lang })
      expect(body).toContain(`<html lang="${lang}" dir="${dir}">`)
      const said = CLAIM_WORDS[lang]!
      for (const [name, sentence] of Object.entries(said)) {
        expect([lang, name, sentence.includes('{amount}')]).toEqual([lang, name, CLAIM_WORDS.en![name as 'due'].includes('{amount}')])
        if (lang !== 'en') expect([lang, name, sentence]).not.toEqual([lang, name, CLAIM_WORDS.en![name as 'due']])
      }
      expect(plain(body)).toContain(said.where)
    }
  })
})

test('whoever tries links again and again is told to wait, wherever else they are', async () => {
  const [rate, free] = [
    { perS: 1, burst: 60 },
    { perS: 100_000, burst: 100_000 },
  ]
  const few = await openPaidRoute({ finishedKept: 3, limits: { line: rate, network: free, caller: free, lateMs: 600_000 } })
  onTestFinished(() => few.close())
  const guess = () =>
    few.app.inject({ method: 'POST', url: `/claim/rf_${crypto.randomUUID().replaceAll('-', '').repeat(2)}`, headers: BROWSER })
  const seen: number[] = []
  for (let n = 0; n < 40; n++) seen.push((await guess()).statusCode)
  expect(new Set(seen)).toEqual(new Set([404, 429]))
  expect(seen.filter((code) => code === 404).length).toBeLessThanOrEqual(13)
})
