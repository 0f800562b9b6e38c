import { describe, expect, test } from 'vitest'
import { behind, disclosure, encoded, mandateIssuer } from '../../../test/mandateIssuer.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { digestsOf, readMandate } from './readMandate.ts'
import { digestOf, type IssuerKey, openSdJwt } from './sdJwt.ts'

const NOW = 1_800_000_000_000
const NOW_S = NOW / 1_000
const { issuerKey, signed, mandate } = mandateIssuer()
const agent = mandateIssuer().issuerKey
const cnf = { jwk: agent }
const range = { type: 'payment.amount_range', currency: 'USD', max: 250, min: 0 }
const budget = { type: 'payment.budget', currency: 'USD', max: 20.5 }
const again = { type: 'payment.agent_recurrence', frequency: 'ON_DEMAND', max_occurrences: 12 }
const open = (constraints: readonly object[], more: object = {}) => ({
  vct: 'mandate.payment.open.1',
  constraints,
  cnf,
  iat: NOW_S,
  ...more,
})
const read = (payment: string, more: object = {}) => readMandate({ payment, issuerKey, ...more }, NOW)

describe('a mandate of AP2', () => {
  test('is read as all that it limits', () => {
    const [shop, other] = [disclosure({ id: 'pa_shop', name: 'Shop' }), disclosure({ id: 'pa_other', name: 'Other' })]
    const payees = { type: 'payment.allowed_payees', allowed: [behind(shop), behind(other)] }
    const dates = { type: 'payment.execution_date', not_before: '2027-01-01T00:00:00Z', not_after: '2027-02-01T00:00:00+01:00' }
    const content = open([range, budget, again, payees, dates], { exp: NOW_S + 90 * 86_400 })
    // The other merchant is not shown, and so not allowed.
    expect(read(mandate(content, [shop]))).toEqual({
      requestMax: money(USD, 2_500_000n),
      budgetMax: money(USD, 20_500_000n),
      usesMax: 12,
      payees: ['pa_shop'],
      items: undefined,
      endsAt: Date.parse('2027-01-31T23:00:00Z'),
    })
  })

  test('that says nothing of being used again is for one payment, until the nearest end', () => {
    expect(read(mandate(open([range], { exp: NOW_S + 600 }), [], { exp: NOW_S + 60 }))).toMatchObject({ usesMax: 1, endsAt: NOW + 60_000 })
    expect(read(mandate(open([range, budget, { type: again.type, frequency: 'ON_DEMAND' }])))).toMatchObject({ usesMax: undefined })
  })

  test('that refers to a checkout is held with it, and with no other', () => {
    const things = (quantity: number) => [{ id: 'line_1', quantity, acceptable_items: [{ id: 'https://api.example/joke', title: 'Joke' }] }]
    const checkoutOf = (constraints: readonly object[]) => mandate({ vct: 'mandate.checkout.open.1', constraints, cnf })
    const merchants = { type: 'checkout.allowed_merchants', allowed: [{ id: 'pa_shop', name: 'Shop' }] }
    const checkout = checkoutOf([{ type: 'checkout.line_items', items: things(1) }, merchants])
    const referring = (to: string) => mandate(open([range, { type: 'payment.reference', conditional_transaction_id: digestOf(to) }]))
    const found = read(referring(checkout), { checkout })
    expect([found.items, found.payees]).toEqual([['https://api.example/joke'], ['pa_shop']])
    expect(() => read(referring(checkout))).toThrow('checkout mandate, which was not given')
    expect(() => read(mandate(open([range])), { checkout })).toThrow('does not refer')
    const [several, nothing] = [checkoutOf([{ type: 'checkout.line_items', items: things(2) }]), checkoutOf([merchants])]
    expect(() => read(referring(several), { checkout })).toThrow('another checkout')
    expect(() => read(referring(several), { checkout: several })).toThrow('quantity')
    expect(() => read(referring(nothing), { checkout: nothing })).toThrow('no checkout.line_items')
  })

  test('is known by what was signed, however its signature and disclosures are written', () => {
    const [shop, other] = [disclosure({ id: 'pa_shop', name: 'Shop' }), disclosure({ id: 'pa_other', name: 'Other' })]
    const content = open([{ type: 'payment.allowed_payees', allowed: [behind(shop), behind(other)] }])
    const whole = mandate(content, [shop, other])
    const less = whole.replace(`~${other}`, '')
    const [both, one, another] = [whole, less, mandate(content, [shop])].map((payment) => digestsOf({ payment, issuerKey }))
    expect(read(less).payees).toEqual(['pa_shop'])
    expect([one!.signed, one!.payment === both!.payment, another!.signed === both!.signed]).toEqual([both!.signed, false, true])
    expect(both!.issuer).toBe(digestOf(JSON.stringify({ crv: 'P-256', kty: 'EC', x: issuerKey.x, y: issuerKey.y })))
  })

  test.each<[string, object]>([
    ['an unknown limit', open([{ type: 'com.example.weekdays', days: ['MON'] }])],
    ['a member of a limit that is not known', open([{ ...range, per: 'day' }])],
    ['a hidden limit', open([range, behind(disclosure(budget))])],
    ['a hidden claim', open([range], { _sd: [behind(disclosure('payee', {}))['...']] })],
    ['a least amount', open([{ ...range, min: 1 }])],
    ['an amount in part of a cent', open([{ ...range, max: 100.5 }])],
    ['another currency', open([{ ...range, currency: 'EUR' }])],
    ['an amount that is set', open([range], { payment_amount: { amount: 5, currency: 'USD' } })],
    ['an instrument', open([range, { type: 'payment.allowed_payment_instruments', allowed: [] }])],
    ['a frequency', open([range, budget, { ...again, frequency: 'DAILY' }])],
    ['no budget for being used again', open([range, again])],
    ['a budget in part of a cent', open([range, { ...budget, max: 0.001 }, again])],
    ['two limits of a type', open([range, range])],
    ['an end that has passed', open([range], { exp: NOW_S })],
    ['an end that no calendar has', open([range], { exp: Number.MAX_SAFE_INTEGER })],
    ['a beginning to come', open([range, { type: 'payment.execution_date', not_before: '2099-01-01T00:00:00Z' }])],
    ['a making in the future', open([range], { iat: NOW_S + 301 })],
    ['no key of an agent', { ...open([range]), cnf: undefined }],
    ['the kind that was closed', { ...open([range]), vct: 'mandate.payment.1' }],
    ['a later version', { ...open([range]), vct: 'mandate.payment.open.2' }],
  ])('with %s is refused', (_, content) => {
    expect(() => read(mandate(content))).toThrow(expect.objectContaining({ code: 'mandate_invalid' }))
  })
})

describe('an SD-JWT', () => {
  const shown = disclosure('name', 'Anna')
  const payload = { _sd: [behind(shown)['...']], list: [behind(disclosure(1))] }

  test('has what it discloses in its place, and keeps the digests of what it does not', () => {
    expect(openSdJwt(signed(payload, [shown]), issuerKey)).toEqual({ name: 'Anna', list: payload.list })
    expect(openSdJwt(signed(payload), issuerKey)).toEqual(payload)
  })

  const good = signed(payload, [shown])
  test.each<[string, string, IssuerKey]>([
    ['of another key', good, agent],
    ['whose payload was changed', good.replace(/\.[^.]+\./, `.${encoded({ ...payload, more: 1 })}.`), issuerKey],
    ['whose disclosure was changed', good.replace(shown, disclosure('name', 'Berta')), issuerKey],
    ['that discloses twice', signed(payload, [shown, shown]), issuerKey],
    ['with a digest twice', signed({ ...payload, also: { _sd: payload._sd } }, [shown]), issuerKey],
    ['whose disclosure covers a claim', signed({ ...payload, name: 'Berta' }, [shown]), issuerKey],
    ['without a signature', signed(payload, [], { alg: 'none' }), issuerKey],
    ['that is bound to a payment', `${good}${good.split('~')[0]}`, issuerKey],
    ['of the kind that an agent signs', signed(payload, [], { alg: 'ES256', typ: 'kb+sd-jwt' }), issuerKey],
    ['that asks for more than is known', signed(payload, [], { alg: 'ES256', crit: ['b64'] }), issuerKey],
    ['of another hash', signed({ ...payload, _sd_alg: 'sha-512' }), issuerKey],
    ['that is a chain', `${good}~${good}`, issuerKey],
    ['that is no token', 'x', issuerKey],
    ['by a key that is no point', good, { ...issuerKey, y: issuerKey.x }],
  ])('%s is refused', (_, token, key) => {
    expect(() => openSdJwt(token, key)).toThrow(expect.objectContaining({ code: 'mandate_invalid' }))
  })
})
