import { expect, test } from 'vitest'
import { paymentNow } from './paymentNow.ts'

const url = 'https://shop.example/joke'
const statusUrl = 'https://pay.example/v1/payments/rc_1'
const settled = { id: 'rc_1', status: 'settled', final: true, reason: null, evidence: { transaction: '0x7a', entry: 'en_1' } }

/** A server that answers this, and what it was asked. */
function answering(body: unknown, status = 200) {
  const asked: [string, RequestInit][] = []
  const fetch = async (to: string, init: RequestInit) => {
    asked.push([to, init])
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
  }
  return { asked, fetch }
}
const everywhere = () => true
const refusal = (code: string) => expect.objectContaining({ name: 'GatewayError', code })

test('a payment is told by its gateway, which is sent nothing but the address', async () => {
  const { asked, fetch } = answering(settled)
  const now = await paymentNow({ url, statusUrl }, { fetch, allows: everywhere })
  expect(now).toEqual({ status: 'settled', final: true, transaction: '0x7a', reason: undefined })
  expect(asked).toEqual([[statusUrl, expect.objectContaining({ method: 'GET', redirect: 'error' })]])
  expect(asked[0]![1].headers).toBeUndefined()
  const failed = answering({ status: 'failed', final: true, reason: 'already_used', evidence: {} })
  expect(await paymentNow({ url, statusUrl }, { ...failed, allows: everywhere })).toMatchObject({
    status: 'failed',
    reason: 'already_used',
  })
})

test('a server that names no place is not asked, and a place that is no site of the payer is not either', async () => {
  const { asked, fetch } = answering(settled)
  expect(await paymentNow({ url, statusUrl: undefined }, { fetch, allows: everywhere })).toBeNull()
  await expect(paymentNow({ url, statusUrl }, { fetch, allows: () => false })).rejects.toEqual(refusal('invalid_request'))
  expect(asked).toEqual([])
  expect(await paymentNow({ url: 'https://pay.example/joke', statusUrl }, { fetch, allows: () => false })).toMatchObject({ final: true })
})

test.each([
  ['not JSON', 'settled', 200],
  ['nothing', null, 200],
  ['a status that we do not know', { ...settled, status: 'paid' }, 200],
  ['no word whether it is final', { status: 'settled' }, 200],
  ['a refusal', settled, 404],
])('an answer of %s leaves it open', async (_, body, status) => {
  const { fetch } = answering(body, status)
  await expect(paymentNow({ url, statusUrl }, { fetch, allows: everywhere })).rejects.toEqual(refusal('outcome_unknown'))
})
