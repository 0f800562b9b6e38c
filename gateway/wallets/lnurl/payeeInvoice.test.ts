import { afterEach, describe, expect, test } from 'vitest'
import { readBolt11 } from '../../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../../adapters/publicHttp/openPublicHttp.ts'
import { type Lie, startPayServer } from '../../../test/lnurl/payServer.ts'
import { requestInvoice } from './payeeInvoice.ts'
import { fetchPayTerms } from './payTerms.ts'
import { openSuccess, sealSuccess } from './successAction.ts'

const open: { close: () => void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function meet(o: Parameters<typeof startPayServer>[0] = {}) {
  const server = await startPayServer(o)
  open.push(server)
  const http = openPublicHttp({ localHosts: [server.host], deadlineMs: o.lie === 'silent' ? 200 : 20_000 })
  const parts = { http, readInvoice: readBolt11 }
  const pay = async (wish: Partial<Parameters<typeof requestInvoice>[1]> = {}) =>
    requestInvoice(await fetchPayTerms(server.address, parts), { amountMsat: 21_000n, ...wish }, parts)
  return { server, parts, pay }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { code?: string; shortMessage?: string }) => `${error.code}: ${error.shortMessage}`,
  )

test('an honest server is asked for terms and for an invoice, which is what was agreed', async () => {
  const { server, pay, parts } = await meet({ extra: { commentAllowed: 5 } })
  const terms = await fetchPayTerms(server.address, parts)
  expect(terms).toMatchObject({ text: 'tips for Alice', minMsat: 1_000n, maxMsat: 100_000_000n, commentMax: 5 })
  const taken = await pay({ comment: 'hello world' })
  expect(taken.read).toMatchObject({ amountMsat: 21_000n, network: 'regtest' })
  const asked = server.asked.at(-1)!
  expect(Object.fromEntries(asked.searchParams)).toEqual({ session: '7', amount: '21000', comment: 'hello' })
})

describe('a server that lies is not paid', () => {
  test.each<[Lie, string]>([
    ['amount_over', 'destination_untruthful: {host} was asked for an invoice over 21000 msat and gave one over 21001 msat'],
    ['amount_under', 'destination_untruthful: {host} was asked for an invoice over 21000 msat and gave one over 20999 msat'],
    ['amount_open', 'destination_untruthful: {host} was asked for an invoice over 21000 msat and gave one over any amount'],
    ['description_hash', 'destination_untruthful: {host} gave an invoice that does not commit to what it said the payment is for'],
    ['description_text', 'destination_untruthful: {host} gave an invoice that does not commit to what it said the payment is for'],
    [
      'unpayable',
      'destination_untruthful: {host} gave an invoice that cannot be paid: this is not a BOLT 11 invoice: its checksum does not hold, or a part of it is missing',
    ],
    ['no_invoice', 'destination_unreachable: {host} says no: no liquidity'],
    ['not_json', 'destination_unreachable: {host} does not answer with a payRequest (status 200)'],
    ['status_500', 'destination_unreachable: {host} does not answer with a payRequest (status 500)'],
    ['range_upside_down', 'destination_unreachable: {host} can receive from 2000 to 1000 msat, which is nothing'],
    ['no_plain_text', 'destination_unreachable: {host} describes the payment in a form that LUD-06 does not know'],
    ['huge', 'destination_unreachable: {host} answers with more than 16384 bytes'],
    ['silent', 'destination_unreachable: {host} did not answer in time'],
    ['redirect_inside', 'destination_forbidden: 10.0.0.1 is at 10.0.0.1, which is not on the public internet'],
  ])('%s', async (lie, said) => {
    const { server, pay } = await meet({ lie })
    expect(await refusal(pay())).toBe(said.replace('{host}', server.host))
  })

  test('a callback on a private host is not called', async () => {
    const { pay } = await meet({ extra: { callback: 'https://192.168.1.1/cb' } })
    expect(await refusal(pay())).toContain('destination_forbidden: 192.168.1.1')
  })

  test('a link that leads elsewhere after the payment is not shown', async () => {
    const { pay } = await meet({ lie: 'foreign_success' })
    expect((await pay()).successAction).toBeUndefined()
  })
})

test.each([999n, 100_000_001n])('an amount of %s msat, which the payee does not take, is not asked for', async (amountMsat) => {
  const { pay, server } = await meet()
  expect(await refusal(pay({ amountMsat }))).toContain('invalid_amount')
  expect(server.asked).toHaveLength(1)
})

test('payer data go out only when asked for, and the invoice commits to them', async () => {
  const { pay, server } = await meet({ extra: { payerData: { name: { mandatory: true }, email: { mandatory: false } } } })
  expect(await refusal(pay())).toBe(`destination_unreachable: ${server.host} wants to know the payer's name`)
  await pay({ payerData: { name: 'Carol', pubkey: '02' } })
  expect(server.asked.at(-1)!.searchParams.get('payerdata')).toBe('{"name":"Carol"}')
  const silent = await meet()
  await silent.pay({ payerData: { name: 'Carol' } })
  expect(silent.server.asked.at(-1)!.searchParams.has('payerdata')).toBe(false)
})

test('a sealed text is opened by the preimage of the payment and by no other', async () => {
  const preimage = '05'.repeat(32)
  const sealed = sealSuccess({ description: 'Your code', text: 'äöü 4711', preimage })
  const { pay } = await meet({ answer: { successAction: sealed } })
  const { successAction } = await pay()
  expect(openSuccess(successAction!, preimage)).toEqual({ text: 'Your code: äöü 4711' })
  expect(openSuccess(successAction!, '06'.repeat(32))).toBeUndefined()
  expect(openSuccess(successAction!, 'not hex')).toBeUndefined()
})

test('an action of an unknown kind is passed over, and the invoice is paid all the same', async () => {
  const { pay } = await meet({ answer: { successAction: { tag: 'dance' }, verify: 17 } })
  expect(await pay()).toMatchObject({ successAction: undefined, verify: undefined })
})
