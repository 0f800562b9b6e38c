import { beforeEach, expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { Block } from '../../ports/journal.ts'
import { createParties, firstKeyOf } from '../party/parties.ts'
import { isNoWider, type Key, type KeyTerms, rightsAllow, roleAllows, statusOf } from './key.ts'
import { createKeys } from './keys.ts'
import { isFrom } from './networks.ts'
import { hashKey } from './secret.ts'

const HOUR_MS = 3_600_000
let now: number
let blocks: Block[]
const clock = { now: () => now }

async function open() {
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  const ids = uuidIds(clock)
  const parties = createParties({ books, clock, ids })
  const keys = createKeys({ books, clock, ids, firstKeyOf })
  await books.start()
  return { books, parties, keys }
}

let made: Key[]
const hand = {
  by: 'operator',
  along: (key: Key) => {
    made.push(key)
    return { claims: [], facts: [] }
  },
}

beforeEach(() => {
  now = 1_800_000_000_000
  blocks = []
  made = []
})

test('a party’s first key is a key like others: it is listed, rotated with an overlap, and ended', async () => {
  const { parties, keys } = await open()
  const { party, apiKey } = await parties.create({ name: 'Heron' })
  const [first] = keys.list({ limit: 10, holder: party.id })
  expect(first).toMatchObject({ holder: party.id, name: 'first key', hint: apiKey.slice(-4) })
  expect(keys.ofHash(hashKey(apiKey))).toEqual(first)

  const second = await keys.rotate(first!.id, HOUR_MS, hand)
  expect(second).not.toBe(apiKey)
  expect([keys.ofHash(hashKey(apiKey))?.id, keys.ofHash(hashKey(second))?.id]).toEqual([first!.id, made[0]!.id])
  expect(statusOf(keys.get(first!.id), now)).toBe('ending')
  now += HOUR_MS
  expect([keys.ofHash(hashKey(apiKey)), keys.ofHash(hashKey(second))?.id]).toEqual([undefined, made[0]!.id])
  expect(statusOf(keys.get(first!.id), now)).toBe('expired')
  await expect(keys.rotate(first!.id, 0, hand)).rejects.toMatchObject({ code: 'key_ended' })

  await keys.revoke(made[0]!.id, hand)
  expect(keys.ofHash(hashKey(second))).toBeUndefined()
  expect(statusOf(keys.get(made[0]!.id), now)).toBe('revoked')
})

test('after a restart the same keys are good, and no secret stands in the journal', async () => {
  const before = await open()
  const { party, apiKey } = await before.parties.create({ name: 'Heron' })
  const terms = { can: { payouts: 'read' as const }, addresses: ['10.0.0.0/8'], endsAt: now + HOUR_MS }
  const secret = await before.keys.create({ holder: party.id, name: 'reports', ...terms }, hand)
  const gone = await before.keys.create({ holder: party.id, name: 'gone', can: undefined, addresses: undefined, endsAt: undefined }, hand)
  await before.keys.revoke(made[1]!.id, hand)
  await before.books.close()

  const after = await open()
  expect(after.keys.ofHash(hashKey(secret))).toMatchObject({ name: 'reports', ...terms })
  expect(after.keys.ofHash(hashKey(apiKey))?.holder).toBe(party.id)
  expect(after.keys.ofHash(hashKey(gone))).toBeUndefined()
  // Blocks may be compressed: the hint, which is written, shows that this one is not.
  const written = Buffer.concat(blocks.map(({ data }) => data)).toString('latin1')
  expect(written).toContain(secret.slice(-4))
  for (const one of [secret, apiKey, gone]) expect(written).not.toContain(one)
  now += HOUR_MS
  expect(after.keys.ofHash(hashKey(secret))).toBeUndefined()
})

test('a holder has 50 good keys, and of ended ones the newest 50 are kept', async () => {
  const { keys } = await open()
  const plain = { holder: 'operator', name: 'many', can: undefined, addresses: undefined, endsAt: undefined }
  for (let i = 0; i < 50; i++) await keys.create(plain, hand)
  await expect(keys.create(plain, hand)).rejects.toMatchObject({ code: 'too_many_keys' })
  for (let i = 0; i < 60; i++) {
    await keys.revoke(made.filter(({ id }) => statusOf(keys.get(id), now) === 'active')[0]!.id, {
      ...hand,
      along: () => ({ claims: [], facts: [] }),
    })
    now += 1
    await keys.create(plain, hand)
    made.splice(0, made.length, ...keys.list({ limit: 500 }))
  }
  const all = keys.list({ limit: 500, holder: 'operator' })
  expect(all.filter((key) => statusOf(key, now) === 'active')).toHaveLength(50)
  expect(all).toHaveLength(100)
})

test('who has 50 good keys rotates one that ends at once, and none that goes on beside the new one', async () => {
  const { keys } = await open()
  for (let i = 0; i < 50; i++) await keys.create({ holder: 'operator', name: 'k' }, hand)
  const [first] = keys.list({ limit: 1 })
  await expect(keys.rotate(first!.id, HOUR_MS, hand)).rejects.toMatchObject({ code: 'too_many_keys' })
  await keys.rotate(first!.id, 0, hand)
  const good = keys.list({ limit: 500 }).filter((key) => statusOf(key, now) === 'active')
  expect([good.length, good.some(({ id }) => id === first!.id)]).toEqual([50, false])
})

test('of 60 that are asked for at once 50 are made', async () => {
  const { keys } = await open()
  const plain = { holder: 'operator', name: 'many', can: undefined, addresses: undefined, endsAt: undefined }
  const all = await Promise.allSettled(Array.from({ length: 60 }, () => keys.create(plain, hand)))
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
  expect(keys.list({ limit: 500 })).toHaveLength(50)
})

test('what a key was last used is noted without a write for each use', async () => {
  const { books, keys } = await open()
  const secret = await keys.create({ holder: 'operator', name: 'one', can: undefined, addresses: undefined, endsAt: undefined }, hand)
  const key = keys.ofHash(hashKey(secret))!
  expect(keys.lastUse(key)).toBeUndefined()
  const head = books.head().seq
  for (let i = 0; i < 100; i++) keys.use(key)
  expect([keys.lastUse(key), books.head().seq]).toEqual([now, head])
})

test.each<[string, boolean, KeyTerms, KeyTerms]>([
  ['all in all', true, {}, {}],
  ['few rights in all', true, { can: { payouts: 'read' } }, {}],
  ['all in few rights', false, {}, { can: { keys: 'write' } }],
  ['other rights', false, { can: { payouts: 'read' } }, { can: { keys: 'write' } }],
  ['write in read', false, { can: { keys: 'write' } }, { can: { keys: 'read' } }],
  ['read in write', true, { can: { keys: 'read' } }, { can: { keys: 'write' } }],
  ['anywhere in one place', false, {}, { addresses: ['10.0.0.1'] }],
  ['another place', false, { addresses: ['10.0.0.2'] }, { addresses: ['10.0.0.1'] }],
  ['one of two places', true, { addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.1', '10.0.0.2'] }],
  ['for ever in an hour', false, {}, { endsAt: HOUR_MS }],
  ['longer', false, { endsAt: HOUR_MS + 1 }, { endsAt: HOUR_MS }],
  ['shorter', true, { endsAt: HOUR_MS }, { endsAt: HOUR_MS }],
])('a key makes no wider one: %s, %s', (_, isIt, inner, outer) => {
  expect(isNoWider(inner, outer)).toBe(isIt)
})

test.each([
  ['10.1.2.3', ['10.0.0.0/8'], true],
  ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
  ['11.1.2.3', ['10.0.0.0/8'], false],
  ['2001:db8::1', ['2001:db8::/32'], true],
  ['2001:db9::1', ['2001:db8::/32'], false],
  ['127.0.0.1', ['127.0.0.1'], true],
  ['unix socket', ['127.0.0.1'], false],
])('%s is from %j: %s', (address, networks, isIt) => {
  expect(isFrom(networks, address)).toBe(isIt)
})

test('rights are by name, and names of every object are none', () => {
  const can = { payouts: 'read' } as const
  expect(rightsAllow(can, { resource: 'payouts', verb: 'read' })).toBe(true)
  expect(rightsAllow(can, { resource: 'payouts', verb: 'write' })).toBe(false)
  for (const resource of ['constructor', '__proto__', 'toString', 'parties'])
    expect(rightsAllow(can, { resource, verb: 'read' })).toBe(false)
})

test.each([
  ['viewer', [true, false, false, false]],
  ['operator', [true, true, false, false]],
  ['approver', [true, false, true, false]],
  ['admin', [true, true, true, true]],
] as const)('a %s reads, writes, agrees and gives keys: %j', (role, may) => {
  const asked = [
    { resource: 'payouts', verb: 'read' },
    { resource: 'payouts', verb: 'write' },
    { resource: 'approvals', verb: 'write' },
    { resource: 'keys', verb: 'write' },
  ] as const
  expect(asked.map((need) => roleAllows(role, need))).toEqual(may)
})
