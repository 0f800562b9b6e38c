import { expect, test } from 'vitest'
import { FUNDS } from '../../test/payout/bankWings.ts'
import { to } from '../../test/payout/payoutWorld.ts'
import { ITEM, openSuspenseWorld as open, WHY } from '../../test/payout/suspenseWorld.ts'
import { EUR, USD } from '../money/asset.ts'
import { money, parseAmount } from '../money/money.ts'

test('money of nobody is assigned to a party, in parts, and a retry moves nothing', async () => {
  const w = await open()
  const order = { item: ITEM, to: w.party.id, amount: '4', ...WHY }
  const first = await w.post('assign', order, { key: 'once-only-1' })
  expect(first).toMatchObject({ status: 201, body: { status: 'booked', by: 'operator', amount: { amount: '4' }, ...WHY } })
  expect((await w.post('assign', order, { key: 'once-only-1' })).body).toEqual(first.body)
  expect(w.has(w.source)).toBe(FUNDS + 4_000_000n)
  expect(await w.list()).toMatchObject({ data: [{ id: ITEM, amount: { amount: '6' } }] })
  await w.whole()
  expect(await w.post('assign', { ...order, amount: '6.01' })).toMatchObject({ status: 400, body: { code: 'invalid_amount' } })
  expect(await w.post('assign', { item: ITEM, to: w.party.id, ...WHY })).toMatchObject({ status: 201 })
  expect(w.has(w.source)).toBe(FUNDS + 10_000_000n)
  expect(await w.list()).toMatchObject({ data: [] })
  expect(await w.post('write-off', { item: ITEM, ...WHY })).toMatchObject({ status: 404 })
  await w.whole()
})

test('money of nobody pays the intent that it was for, which is suggested first', async () => {
  const w = await open()
  const payee = { kind: 'party', party: w.party.id, split: await w.splits.house(w.party.id) } as const
  const { intent } = await w.payins.intents.create({
    amount: parseAmount('11', USD),
    payee,
    metadata: {},
    expiresInS: 900,
    description: '',
  })
  expect(intent.offers.find(({ rail }) => rail === 'bank')!.amount.units).toBe(10_000_000n)
  expect(await w.list()).toMatchObject({ data: [{ suggestions: [{ assign: intent.id }] }] })
  expect(await w.post('assign', { item: ITEM, to: intent.id, ...WHY })).toMatchObject({ status: 201, body: { to: intent.id } })
  expect(w.payins.intents.get(intent.id)).toMatchObject({ status: 'settled', paid: { rail: 'bank' } })
  await w.whole()
  w.stream.tell({ id: 'B2', amount: money(EUR, 1_000_000n) })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  expect(await w.post('assign', { item: 'bank:received:B2', to: intent.id, ...WHY })).toMatchObject({ status: 201 })
  expect(w.has(`surplus:${intent.id}`)).toBe(1_000_000n)
  await w.whole()
})

test('money of nobody goes back on a rail, once; what the rail refuses stays with the refund', async () => {
  const w = await open()
  const destinations = [{ kind: 'iban', iban: to.iban.iban, name: to.iban.name }]
  const { body } = await w.post('refund', { item: ITEM, destinations, amount: '7', ...WHY }, { key: 'once-only-2' })
  await w.post('refund', { item: ITEM, destinations, amount: '7', ...WHY }, { key: 'once-only-2' })
  expect(await w.ended(body.payout)).toMatchObject({ status: 'settled', source: `surplus:${body.id}` })
  expect(w.bank.paid.map(({ amount }) => amount.units)).toEqual([7_000_000n])
  expect(w.has(`surplus:${body.id}`)).toBe(0n)
  await w.whole()
  w.bank.manner = 'refuse'
  const second = (await w.post('refund', { item: ITEM, destinations, ...WHY })).body
  expect(await w.ended(second.payout)).toMatchObject({ status: 'failed' })
  expect([w.has(`surplus:${second.id}`), w.has('suspense:bank')]).toEqual([3_000_000n, 0n])
  await w.whole()
})

test('a refund to what has become an account of the gateway meanwhile ends, and its money stays with it', async () => {
  const w = await open()
  const { create } = w.payouts
  Object.assign(w.payouts, {
    create: (command: Parameters<typeof create>[0]) => {
      w.bank.owns = () => 'the account of the gateway'
      return create(command)
    },
  })
  const destinations = [{ kind: 'iban', iban: to.iban.iban, name: to.iban.name }]
  const { body } = await w.post('refund', { item: ITEM, destinations, ...WHY })
  await expect.poll(() => w.suspense.get(body.id).refused, { timeout: 10_000 }).toBe(true)
  expect([w.has(`surplus:${body.id}`), w.payouts.list({ limit: 10 })]).toEqual([10_000_000n, []])
  await w.whole()
})

test('what is written off is the operator’s, under a name of its own, and every step tells who, why and by what evidence', async () => {
  const w = await open()
  const sha256 = 'ab'.repeat(32)
  const { body } = await w.post('write-off', { item: ITEM, reason: 'a cent of nobody', evidence: { sha256 } }, { as: 'anna' })
  expect(body).toMatchObject({ what: 'write_off', by: 'anna', evidence: { sha256 }, status: 'booked' })
  expect(w.has('capital:written_off')).toBe(10_000_000n)
  await w.whole()
  expect(await w.post('write-off', { item: ITEM, reason: 'none', evidence: {} })).toMatchObject({ status: 400 })
})

test('an adjustment makes the books follow the rail, and what is found stands in suspense until somebody has it', async () => {
  const w = await open()
  const lost = { debit: 'capital:operator', credit: 'rail:bank:account', asset: 'EUR', amount: '2', ...WHY }
  expect(await w.post('adjust', lost)).toMatchObject({ status: 201, body: { debit: 'capital:operator', credit: 'rail:bank:account' } })
  const found = { debit: 'rail:bank:account', credit: 'suspense:bank', asset: 'EUR', amount: '3', ...WHY }
  const { body } = await w.post('adjust', found)
  expect(await w.post(`actions/${body.id}/approve`, {}, { as: 'anna' })).toMatchObject({ status: 200 })
  expect(await w.list()).toMatchObject({ data: [{ id: ITEM }, { id: body.id, amount: { amount: '3' } }] })
  await w.whole()
  expect(await w.post('assign', { item: body.id, to: w.party.id, ...WHY })).toMatchObject({ status: 201 })
  await w.whole()
  for (const wrong of [{ debit: 'suspense:bank' }, { debit: 'pot:0x12' }, { credit: 'rail:bank:elsewhere' }, { credit: 'party:pa_nobody' }])
    expect(await w.post('adjust', { ...found, ...wrong })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  const more = { debit: w.source, credit: 'capital:operator', asset: 'EUR', amount: '44', ...WHY }
  await w.books.submit({
    entry: {
      id: w.ids.entry(),
      payment: 'spent',
      legs: [{ kind: 'move', debit: w.source, credit: 'capital:operator', asset: EUR, units: FUNDS }],
    },
  })
  const asked = (await w.post('adjust', more)).body
  expect(await w.post(`actions/${asked.id}/approve`, {}, { as: 'anna' })).toMatchObject({
    status: 402,
    body: { code: 'insufficient_balance' },
  })
  await w.whole()
})

test('above the limit nothing moves until another operator agrees, however small the part', async () => {
  const w = await open()
  w.stream.tell({ id: 'B7', amount: money(EUR, 100_000_000n) })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(2)
  const order = { item: 'bank:received:B7', to: w.party.id, amount: '1', ...WHY }
  const { status, body } = await w.post('assign', order, { as: 'anna' })
  expect([status, body.status, w.has(w.source)]).toEqual([202, 'waiting', FUNDS])
  expect(await w.list()).toMatchObject({ waiting: [{ id: body.id, by: 'anna' }] })
  expect(await w.post(`actions/${body.id}/approve`, {}, { as: 'anna' })).toMatchObject({ status: 403 })
  const approved = await w.post(`actions/${body.id}/approve`, {}, { key: 'approve-1' })
  expect(approved).toMatchObject({ status: 200, body: { status: 'booked', by: 'anna', approved_by: 'operator' } })
  expect((await w.post(`actions/${body.id}/approve`, {}, { key: 'approve-1' })).body).toEqual(approved.body)
  expect(w.has(w.source)).toBe(FUNDS + 1_000_000n)
  await w.whole()
  const other = (await w.post('assign', order, { as: 'anna' })).body
  expect(await w.post(`actions/${other.id}/cancel`, {}, { as: 'anna' })).toMatchObject({ status: 200, body: { status: 'canceled' } })
  expect(await w.post(`actions/${other.id}/approve`, {})).toMatchObject({ status: 409, body: { code: 'suspense_changed' } })
  expect([w.has(w.source), (await w.list()).waiting]).toEqual([FUNDS + 1_000_000n, []])
  await w.whole()
})

test('an adjustment of what is not the operator’s own waits for another operator, however small it is', async () => {
  const w = await open()
  const own = { debit: 'capital:operator', credit: 'rail:bank:account', asset: 'EUR', amount: '1', ...WHY }
  await w.post('adjust', own, { as: 'anna' })
  const before = w.has('capital:operator')
  for (const side of [{ credit: w.source }, { debit: w.source }, { debit: 'rail:bank:account', credit: 'suspense:bank' }]) {
    const asked = await w.post('adjust', { ...own, ...side }, { as: 'anna' })
    expect(asked).toMatchObject({ status: 202, body: { status: 'waiting' } })
    expect(await w.post(`actions/${asked.body.id}/approve`, {}, { as: 'anna' })).toMatchObject({ status: 403 })
  }
  expect([w.has(w.source), w.has('suspense:bank'), w.has('capital:operator')]).toEqual([FUNDS, 10_000_000n, before])
  const { body } = await w.post('adjust', { ...own, credit: w.source }, { as: 'anna' })
  expect(await w.post(`actions/${body.id}/approve`, {})).toMatchObject({ status: 200, body: { status: 'booked' } })
  expect(w.has(w.source)).toBe(FUNDS + 1_000_000n)
  await w.whole()
})

test('what is left of a refund that two agreed on goes where they agreed, or through suspense again', async () => {
  const w = await open()
  w.stream.tell({ id: 'B7', amount: money(EUR, 100_000_000n) })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(2)
  w.bank.manner = 'refuse'
  const agreed = { kind: 'iban', iban: to.iban.iban, name: to.iban.name }
  const { body: refund } = await w.post('refund', { item: 'bank:received:B7', destinations: [agreed], ...WHY }, { as: 'anna' })
  expect(await w.post(`actions/${refund.id}/approve`, {})).toMatchObject({ status: 200 })
  expect(await w.ended(refund.payout)).toMatchObject({ status: 'failed' })
  w.bank.manner = 'pay'
  const elsewhere = { kind: 'party', party: w.party.id }
  const pay = (destinations: object[], surplus = refund.id, amount = '100') =>
    w.postTo('/v1/payouts', { surplus, amount: { asset: 'EUR', amount }, destinations, reference: '' }, { as: 'anna' })
  for (const destinations of [[elsewhere], [agreed, elsewhere], [{ ...agreed, name: 'Anna' }]])
    expect(await pay(destinations)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', hint: expect.stringMatching(/suspense adjust/) },
    })
  expect([w.has(w.source), w.has(`surplus:${refund.id}`)]).toEqual([FUNDS, 100_000_000n])
  const back = { debit: `surplus:${refund.id}`, credit: 'suspense:bank', asset: 'EUR', amount: '60', ...WHY }
  const { body: asked } = await w.post('adjust', back, { as: 'anna' })
  expect(await w.post(`actions/${asked.id}/approve`, {})).toMatchObject({ status: 200 })
  expect(await w.list()).toMatchObject({ data: [{ id: ITEM }, { id: asked.id, amount: { amount: '60' } }] })
  const paid = await pay([agreed], refund.id, '40')
  expect(paid.status).toBe(201)
  expect(await w.ended(paid.body.id)).toMatchObject({ status: 'settled' })
  expect(w.has(`surplus:${refund.id}`)).toBe(0n)
  expect(await pay([agreed], asked.id, '1')).toMatchObject({ status: 403 })
  await w.whole()
})

test('two hands on one item move it once', async () => {
  const w = await open()
  const order = { item: ITEM, to: w.party.id, ...WHY }
  const answers = await Promise.all([w.post('assign', order), w.post('write-off', { item: ITEM, ...WHY }, { as: 'anna' })])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  await w.whole()
})

test('a party has no hand in it', async () => {
  const w = await open()
  const { apiKey } = await w.parties.create({ name: 'curious' })
  const order = { item: ITEM, to: w.party.id, ...WHY }
  expect(await w.post('assign', order, { bearer: apiKey })).toMatchObject({ status: 403 })
  expect(w.has('suspense:bank')).toBe(10_000_000n)
})
