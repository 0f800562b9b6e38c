import { beforeAll, describe, expect, test } from 'vitest'
import { EUR } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Outcome } from '../ports/outcome.ts'
import { type FakeRail, fakeRail } from './fakeRail.ts'
import { railCases } from './railCases.ts'
import type { Ability, RailUnderTest } from './railUnderTest.ts'

const ABILITIES: readonly Ability[] = ['receives', 'silence', 'files']
const AMOUNT = money(EUR, 1_000_000n)

/** The fake rail and its counterparty. `make` may put another rail before it, and is called again when the rail is opened again. */
function fakeWorld(make: (fake: FakeRail) => FakeRail = (fake) => fake): RailUnderTest {
  const fake = fakeRail({
    rail: 'custom:fake',
    asset: EUR,
    serves: ['custom'],
    feesComeBy: 'outcome',
    fee: money(EUR, 20_000n),
    feeMax: money(EUR, 50_000n),
    available: money(EUR, 1_000_000_000n),
  })
  let rail = make(fake)
  let payees = 0
  const account = (name: string) => ({ kind: 'custom', rail: 'custom:fake', account: name }) as const
  const reopen = async () => {
    rail = make(fake)
  }
  return {
    rail: () => rail,
    amount: AMOUNT,
    patienceMs: 500,
    async payee() {
      fake.manner = 'pay'
      const destination = account(`payee ${++payees}`)
      const to = () =>
        fake.paid.filter((attempt) => attempt.destination.kind === 'custom' && attempt.destination.account === destination.account)
      return { destination, got: async () => to().reduce((sum, { amount }) => sum + amount.units, 0n) }
    },
    malformed: account('malformed'),
    async refused() {
      fake.manner = 'refuse'
      return { destination: account('closed'), amount: AMOUNT }
    },
    reopen,
    cut: async () => undefined,
    pay: async ({ reference }) => {
      fake.arrive(reference)
      return reference
    },
    async silence() {
      fake.manner = 'payLater'
      return async () => {
        fake.manner = 'pay'
      }
    },
    loseFiles: reopen,
  }
}

describe('the fake rail', () => {
  let world: RailUnderTest
  beforeAll(() => {
    world = fakeWorld()
  })
  for (const { name, run } of railCases(() => world, ABILITIES)) test(name, run)
})

/** Tells each settlement at first with the cursor of the one before it, as a rail does that has not heard yet what else came at that time. */
const cautious = but((fake) => {
  const told = new Set<string>()
  return {
    async *settlements(after, o) {
      for await (const settlement of fake.settlements(after, o)) {
        const isNew = told.size < told.add(settlement.id).size
        yield isNew ? { ...settlement, cursor: String(Number(settlement.cursor) - 1) } : settlement // not money: a cursor
      }
    },
  }
})

describe('a rail whose cursor is behind what it has told, until it is read again', () => {
  let world: RailUnderTest
  beforeAll(() => {
    world = fakeWorld(cautious)
  })
  for (const { name, run } of railCases(() => world, ABILITIES)) test(name, run)
})

const never: Outcome = { kind: 'failed', reason: 'never_sent' }

/** The fake rail, but for what is changed. */
function but(change: (fake: FakeRail) => Partial<FakeRail>): (fake: FakeRail) => FakeRail {
  return (fake) => Object.assign(Object.create(fake), change(fake))
}

const DEFECTS: readonly [string, (fake: FakeRail) => FakeRail, string][] = [
  [
    'pays an id as often as it is sent',
    but((fake) => ({ send: (attempt, o) => fake.send({ ...attempt, id: `${attempt.id}x${fake.heard.length}` }, o), lookup: fake.lookup })),
    'one attempt sent three times at once, and again later, pays once',
  ],
  [
    'tells a lost answer as failed',
    but((fake) => ({
      async send(attempt, o) {
        const outcome = await fake.send(attempt, o)
        return outcome.kind === 'unknown' ? never : outcome
      },
    })),
    'while the other side is silent an attempt is unknown and not failed, and ends when it speaks',
  ],
  [
    'throws when its answer is lost',
    but((fake) => ({
      async send(attempt, o) {
        const outcome = await fake.send(attempt, o)
        if (outcome.kind === 'unknown') throw new Error('timeout')
        return outcome
      },
    })),
    'while the other side is silent an attempt is unknown and not failed, and ends when it speaks',
  ],
  [
    'has forgotten what it sent when it is opened again',
    but((fake) => {
      const own = new Set<string>()
      return {
        send: (attempt, o) => fake.send(attempt, o).finally(() => own.add(attempt.id)),
        lookup: async (id) => (own.has(id) ? fake.lookup(id) : never),
      }
    }),
    'a rail that is opened again knows what it paid, and does not pay it again',
  ],
  [
    'tells another end the second time',
    but((fake) => ({
      async lookup(id) {
        const outcome = await fake.lookup(id)
        return outcome.kind === 'settled' ? { ...outcome, fee: money(EUR, 0n) } : outcome
      },
    })),
    'a payment arrives whole, with the rail’s own evidence and fee',
  ],
  [
    'takes a fee above the limit',
    but((fake) => ({ send: (attempt, o) => fake.send({ ...attempt, feeMax: money(EUR, 10n ** 9n) }, o) })),
    'a limit below the fee is kept',
  ],
  [
    'does not count its fees in what it holds',
    but((fake) => ({
      async balances() {
        const [balance] = await fake.balances()
        return [{ ...balance!, amount: money(EUR, balance!.amount.units + BigInt(fake.paid.length)) }]
      },
    })),
    'what it holds falls by what it paid and what that cost',
  ],
  [
    'tells what came in twice',
    but((fake) => ({
      async *settlements(after, o) {
        for await (const settlement of fake.settlements(after, o)) {
          yield settlement
          yield settlement
        }
      },
    })),
    'an offer that is paid is told once, whole, by the name that its terms promised',
  ],
  [
    'begins again at a cursor',
    but((fake) => ({ settlements: (_, o) => fake.settlements('', o) })),
    'what came before the rail was opened again is told behind the last cursor',
  ],
  [
    'leaves one out behind a cursor',
    but((fake) => ({ settlements: (after, o) => fake.settlements(after === '' ? '' : String(Number(after) + 1), o) })), // not money: a cursor
    'settlements come in one order, and none is missing behind any of them',
  ],
  [
    'takes every destination',
    but(() => ({ check: () => undefined })),
    'it takes a good destination, and says in words what is wrong with a bad one',
  ],
]

test.each(DEFECTS)('a rail that %s fails its case', async (_, make, failing) => {
  const world = fakeWorld(make)
  const cases = railCases(() => world, ABILITIES)
  const found = cases.find(({ name }) => name === failing)!
  await expect(found.run()).rejects.toThrow()
})
