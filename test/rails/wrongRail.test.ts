import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { fakeRail } from '../../gateway/conformance/fakeRail.ts'
import { BTC, EUR } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import { localConfig } from '../localConfig.ts'

const FEE = parseAmount('0.02', EUR)
const evidence = { rail: 'custom:new', id: 'transfer-1', at: 1 } as const

/** A rail that is right. */
function rightRail(rail: CustomRail['rail'], fee: typeof FEE): CustomRail {
  return fakeRail({
    rail,
    asset: EUR,
    serves: ['custom'],
    feesComeBy: 'outcome',
    fee,
    feeMax: fee,
    available: parseAmount('1000.00', EUR),
  })
}

/** A rail that is right, but for what it is given to answer instead: a program that was compiled without its types, or casts. */
function wrongRail(wrong: Readonly<Record<string, unknown>>): CustomRail {
  return Object.assign(rightRail('custom:new', FEE), wrong) as CustomRail // The point of it: the compiler would refuse what it answers.
}

const says = (answer: unknown) => async () => answer
const ofMoney = (outcome: unknown) => ({ send: says(outcome), lookup: says(outcome) })
const terms = (wrong: object) => {
  const right = { kind: 'possible', fee: FEE, feeMax: FEE, failureFee: money(EUR, 0n), successPpm: 990_000n, available: FEE }
  return { estimate: says(Object.assign(right, { secondsToFunds: 1n, secondsToFail: 1n, available: parseAmount('1000.00', EUR) }, wrong)) }
}

async function open(wrong: Readonly<Record<string, unknown>>, others: readonly CustomRail[] = []) {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-wrong-rail-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const config = checkConfig(
    localConfig(dataDir, {
      evm: [],
    }),
  )
  const stopped: unknown[] = []
  const gateway = await openGateway(config, { rails: [wrongRail(wrong), ...others], onStop: (error) => stopped.push(error) })
  return { gateway, stopped }
}

type Opened = Awaited<ReturnType<typeof open>>['gateway']

/** A payout of 7.50 EUR from a party that has 10.00. */
async function pay(gateway: Opened, rails: readonly CustomRail['rail'][] = ['custom:new']) {
  const { party } = await gateway.parties.parties.create({ name: 'payer' })
  const source = `party:${party.id}`
  const { books } = gateway.ledger
  const legs = [{ kind: 'move', debit: 'fx:BTC/EUR', credit: source, ...parseAmount('10.00', EUR) }] as const
  const facts = [{ type: 'test.seeded', id: 'gift', at: 0, data: {} }]
  await books.submit({ facts, entry: { id: gateway.ground.ids.entry(), payment: 'gift', legs } })
  const destinations = rails.map((rail) => ({ kind: 'custom' as const, rail, account: '4711' }))
  const order = { source, amount: parseAmount('7.50', EUR), reference: 'r', createdBy: 'test', destinations }
  const { id } = await gateway.payouts.payouts.create(order)
  return { id, source }
}

test.each([
  ['undefined', undefined],
  ['a word that is no outcome', { kind: 'paid' }],
  ['a negative fee', { kind: 'settled', evidence, fee: money(EUR, -5n) }],
  ['a fee in another asset', { kind: 'settled', evidence, fee: money(BTC, 1n) }],
  ['a fee far above the limit of the attempt', { kind: 'settled', evidence, fee: parseAmount('5000.00', EUR) }],
  ['no evidence', { kind: 'settled', evidence: {}, fee: FEE }],
  ['the evidence of another rail', { kind: 'settled', evidence: { rail: 'lightning', id: 'x', at: 1 }, fee: FEE }],
  ['a failure without a known reason', { kind: 'failed', reason: 'because' }],
])('%s is no outcome: the payout is unknown, its money held, a person told, and the gateway goes on', async (_, outcome) => {
  const { gateway, stopped } = await open(ofMoney(outcome))
  try {
    const { id, source } = await pay(gateway)
    const { payouts } = gateway.payouts
    await expect.poll(() => payouts.get(id).attempts[0], { timeout: 20_000 }).toMatchObject({ outcome: 'unknown', stuck: true })
    expect(gateway.operations.problems()).toContainEqual(
      expect.objectContaining({ rail: 'custom:new', what: expect.stringMatching('wrong') }),
    )
    const own = gateway.ledger.books.balance(source, EUR)
    expect([own.debitsPosted, own.debitsPending]).toEqual([0n, parseAmount('7.50', EUR).units])
    expect(stopped).toEqual([])
  } finally {
    await gateway.close()
  }
})

test.each([
  ['undefined', { estimate: says(undefined) }],
  ['a negative fee', terms({ fee: money(EUR, -1_000_000n), feeMax: money(EUR, -1_000_000n) })],
  ['a fee in another asset', terms({ fee: money(BTC, 1n), feeMax: money(BTC, 1n) })],
  ['a limit below the fee', terms({ feeMax: money(EUR, 0n) })],
  ['more than certain', terms({ successPpm: 1_000_001n })],
  ['funds in more than ten years', terms({ secondsToFunds: 315_360_001n })],
  ['a time that is no whole number', terms({ secondsToFunds: 1.5 })],
])('terms with %s are none: nothing is sent by them, and the gateway goes on', async (_, wrong) => {
  const { gateway, stopped } = await open(wrong)
  try {
    const { id } = await pay(gateway)
    await expect.poll(() => gateway.operations.problems(), { timeout: 20_000 }).toMatchObject([{ rail: 'custom:new' }])
    expect([gateway.payouts.payouts.get(id).attempts, stopped]).toEqual([[], []])
  } finally {
    await gateway.close()
  }
})

const throws = () => {
  throw new Error('broken')
}
const holds = (units: bigint) => says([{ place: 'account', amount: money(EUR, units), at: 1, inFlight: [] }])

test.each([
  ['throws', throws],
  ['answers undefined', says(undefined)],
  ['names a negative amount', holds(-5n)],
])('a statement that %s keeps neither the start nor verify from its end', async (_, balances) => {
  const { gateway } = await open({ balances })
  try {
    const { rails } = await gateway.audit.verify()
    expect(rails).toContainEqual(expect.objectContaining({ account: 'rail:custom:new', verdict: 'silent' }))
  } finally {
    await gateway.close()
  }
})

test.each([
  ['throws', throws],
  ['never ends', () => new Promise(() => {})],
])(
  'a rail whose close %s does not keep the gateway from closing',
  async (_, close) => {
    const { gateway } = await open({ close })
    await expect(gateway.close()).resolves.toBeUndefined()
  },
  60_000,
)

describe('a rail that throws where it looks at a destination', () => {
  const order = (source: string) => ({ source, amount: parseAmount('1.00', EUR), reference: 'r', createdBy: 'test' })
  const wrongs = (gateway: Opened) => gateway.operations.problems().map(({ detail }) => detail)

  test.each([
    ['throws', throws],
    ['answers with a promise', async () => throws()],
  ])('a check that %s is a refusal, and a person is told', async (_, check) => {
    const { gateway, stopped } = await open({ check })
    try {
      await expect(pay(gateway)).rejects.toMatchObject({ code: 'invalid_request' })
      expect([wrongs(gateway), stopped]).toEqual([[expect.stringMatching(/^check /)], []])
    } finally {
      await gateway.close()
    }
  })

  test('a check that throws what has no text is a refusal', async () => {
    const { gateway, stopped } = await open({
      check: () => {
        throw Object.create(null)
      },
    })
    try {
      await expect(pay(gateway)).rejects.toMatchObject({ code: 'invalid_request' })
      expect([wrongs(gateway), stopped]).toEqual([[expect.stringMatching(/^check .*threw/)], []])
    } finally {
      await gateway.close()
    }
  })

  test.each([
    ['throws', throws],
    ['answers with a promise', async () => throws()],
  ])('an owns that %s shuts its own rail alone: the account may be ours', async (_, owns) => {
    const { gateway, stopped } = await open({ owns })
    try {
      const { payouts } = gateway.payouts
      await expect(pay(gateway)).rejects.toMatchObject({ code: 'rail_unavailable' })
      expect(wrongs(gateway)).toEqual([expect.stringMatching(/^owns /)])
      const elsewhere = { kind: 'custom', rail: 'custom:other', account: '4711' } as const
      await expect(payouts.create({ ...order('party:pa_1'), destinations: [elsewhere] })).rejects.toMatchObject({ code: 'no_rail' })
      expect(stopped).toEqual([])
    } finally {
      await gateway.close()
    }
  })

  test('a railKey that throws holds no payout that has another way, and its own rail is tried again at the pace of plans', async () => {
    let asked = 0
    const railKey = () => {
      asked++
      return throws()
    }
    const { gateway, stopped } = await open({ railKey }, [rightRail('custom:other', parseAmount('0.03', EUR))])
    try {
      const { id } = await pay(gateway, ['custom:new', 'custom:other'])
      const { payouts } = gateway.payouts
      await expect.poll(() => payouts.get(id).status, { timeout: 20_000 }).toBe('settled')
      expect(payouts.get(id).attempts.map(({ rail }) => rail)).toEqual(['custom:other'])
      expect([asked > 0, stopped]).toEqual([true, []])
    } finally {
      await gateway.close()
    }
  })

  test.each([
    ['throws', throws],
    ['answers with a promise', async () => throws()],
  ])('a railKey that %s sends nothing: the payout stays open, the gateway goes on, and pays when the rail can', async (_, broken) => {
    let railKey: () => unknown = broken
    const { gateway, stopped } = await open({ railKey: () => railKey() })
    try {
      const { id } = await pay(gateway)
      const { payouts } = gateway.payouts
      await expect.poll(() => wrongs(gateway), { timeout: 20_000 }).toEqual([expect.stringMatching(/^railKey /)])
      expect([payouts.get(id).status, payouts.get(id).attempts, stopped]).toEqual(['processing', [], []])
      railKey = () => 'key'
      await expect.poll(() => payouts.get(id).status, { timeout: 20_000 }).toBe('settled')
    } finally {
      await gateway.close()
    }
  })
})
