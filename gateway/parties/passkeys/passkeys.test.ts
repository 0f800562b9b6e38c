import { beforeEach, describe, expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { softDevice } from '../../../test/devices/softDevice.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { Block } from '../../ports/journal.ts'
import { createKeys } from '../keys/keys.ts'
import { createParties, firstKeyOf } from '../party/parties.ts'
import { createPasskeys } from './passkeys.ts'

const PLACE = { origin: 'https://pay.example.com', host: 'pay.example.com' }
const OWNER = { keyHash: 'ab'.repeat(32), key: undefined, holder: 'operator', from: '127.0.0.1' }
const MINUTE_MS = 60_000

let now: number
let blocks: Block[]
const clock = { now: () => now }

beforeEach(() => {
  now = 1_800_000_000_000
  blocks = []
})

async function open() {
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  const ids = uuidIds(clock)
  const parties = createParties({ books, clock, ids })
  const keys = createKeys({ books, clock, ids, firstKeyOf })
  const passkeys = createPasskeys({ books, clock, ids })
  await books.start()
  return { parties, keys, passkeys }
}

type Passkeys = Awaited<ReturnType<typeof open>>['passkeys']
type Device = ReturnType<typeof softDevice>

async function added(passkeys: Passkeys, o: { device?: Device; owner?: typeof OWNER | { key: `key_${string}` } } = {}): Promise<Device> {
  const { device = softDevice(), owner } = o
  const { challenge } = passkeys.addOptions(OWNER, { who: 'Anna', session: 'form', place: PLACE })
  const answer = { response: device.add({ challenge, ...PLACE }), session: 'form', place: PLACE }
  await passkeys.add(Object.assign({}, OWNER, owner), { name: 'laptop', openedAt: now, answer })
  return device
}

const challengeOf = (passkeys: Passkeys): string => passkeys.loginOptions(PLACE).challenge

describe('a passkey', () => {
  test('logs in as the key that it was added with, also after a restart, and each signature once', async () => {
    const first = await open()
    const device = await added(first.passkeys)
    const { passkeys } = await open()
    const response = device.logIn({ challenge: challengeOf(passkeys), ...PLACE })
    expect(await passkeys.loggedIn({ response, place: PLACE })).toMatchObject({ keyHash: OWNER.keyHash, name: 'laptop' })
    expect(await passkeys.loggedIn({ response, place: PLACE })).toBeUndefined()
    expect(passkeys.ofKey(OWNER.keyHash)).toHaveLength(1)
  })

  test('is asked for with the ones that are there already, so that no device makes a second', async () => {
    const { passkeys } = await open()
    const { id } = await added(passkeys)
    const options = passkeys.addOptions(OWNER, { who: 'Anna', session: 'form', place: PLACE })
    expect(options).toMatchObject({ rp: { id: PLACE.host }, user: { name: 'Anna' }, excludeCredentials: [{ id }] })
  })

  test.each<[string, (device: Device, challenge: string) => ReturnType<Device['logIn']>]>([
    ['of another device', (_, challenge) => Object.assign(softDevice().logIn({ challenge, ...PLACE }), {})],
    ['of another device under its id', ({ id }, challenge) => ({ ...softDevice().logIn({ challenge, ...PLACE }), id, rawId: id })],
    [
      'for another site',
      (device, challenge) => device.logIn({ challenge, host: PLACE.host, origin: 'https://pay.example.com.evil.example' }),
    ],
    ['bound to another name', (device, challenge) => device.logIn({ challenge, host: 'evil.example', origin: PLACE.origin })],
    ['of nobody who was recognised', (device, challenge) => device.logIn({ challenge, ...PLACE, recognised: false })],
    ['over a challenge of its own', (device) => device.logIn({ challenge: Buffer.alloc(56, 1).toString('base64url'), ...PLACE })],
    ['over nothing', (device) => device.logIn({ challenge: '', ...PLACE })],
  ])('does not log in with a signature %s', async (_, responseOf) => {
    const { passkeys } = await open()
    const device = await added(passkeys)
    const response = responseOf(device, challengeOf(passkeys))
    expect(await passkeys.loggedIn({ response, place: PLACE })).toBeUndefined()
    // The device itself does.
    const good = device.logIn({ challenge: challengeOf(passkeys), ...PLACE })
    expect(await passkeys.loggedIn({ response: good, place: PLACE })).toBeDefined()
  })

  test('does not log in after five minutes, with a challenge for adding one, or above 50 times within five minutes', async () => {
    const { passkeys } = await open()
    const device = await added(passkeys)
    const login = (challenge: string) => passkeys.loggedIn({ response: device.logIn({ challenge, ...PLACE }), place: PLACE })
    const old = challengeOf(passkeys)
    now += 5 * MINUTE_MS
    expect(await login(old)).toBeUndefined()
    expect(await login(passkeys.addOptions(OWNER, { who: '', session: 'form', place: PLACE }).challenge)).toBeUndefined()
    for (let n = 0; n < 50; n++) expect(await login(challengeOf(passkeys))).toBeDefined()
    expect(await login(challengeOf(passkeys))).toBeUndefined()
    now += 5 * MINUTE_MS
    expect(await login(challengeOf(passkeys))).toBeDefined()
  })

  test('of a device that counts does not log in when the count has gone back: it was copied', async () => {
    const { passkeys } = await open()
    const device = await added(passkeys)
    const login = () => passkeys.loggedIn({ response: device.logIn({ challenge: challengeOf(passkeys), ...PLACE }), place: PLACE })
    device.device.count = 7
    expect(await login()).toBeDefined()
    expect(await login()).toBeUndefined()
    device.device.count = 8
    expect(await login()).toBeDefined()
  })

  test('ends with its key, and when it is taken away by the same key alone', async () => {
    const { parties, keys, passkeys } = await open()
    const { party } = await parties.create({ name: 'Shop' })
    const [key] = keys.list({ limit: 1, holder: party.id })
    const owner = { key: key!.id }
    const device = await added(passkeys, { owner })
    const login = () => passkeys.loggedIn({ response: device.logIn({ challenge: challengeOf(passkeys), ...PLACE }), place: PLACE })
    const { id } = passkeys.ofKey(OWNER.keyHash)[0]!
    await passkeys.remove(id, { keyHash: 'cd'.repeat(32), from: '' })
    expect(await login()).toBeDefined()
    await keys.revoke(key!.id, { by: 'operator', along: () => ({ claims: [], facts: [] }) })
    expect(await login()).toBeUndefined()
    const other = await added(passkeys)
    await passkeys.remove(passkeys.ofKey(OWNER.keyHash)[0]!.id, { keyHash: OWNER.keyHash, from: '' })
    expect(await passkeys.loggedIn({ response: other.logIn({ challenge: challengeOf(passkeys), ...PLACE }), place: PLACE })).toBeUndefined()
    expect((await open()).passkeys.ofKey(OWNER.keyHash)).toEqual([])
  })
})

describe('adding one', () => {
  test.each<[string, (o: { challenge: string; place: typeof PLACE; session: string; openedAt: number }) => object]>([
    ['of another session', () => ({ session: 'another' })],
    ['at another site', () => ({ place: { origin: 'https://evil.example', host: 'evil.example' } })],
    ['with a challenge for logging in', () => ({ challenge: 'login' })],
    ['from a browser that logged in more than 15 minutes ago', ({ openedAt }) => ({ openedAt: openedAt - 15 * MINUTE_MS - 1 })],
  ])('is refused %s', async (_, otherwise) => {
    const { passkeys } = await open()
    const { challenge } = passkeys.addOptions(OWNER, { who: 'Anna', session: 'form', place: PLACE })
    const usual = { challenge, place: PLACE, session: 'form', openedAt: now }
    const o = Object.assign(usual, otherwise(usual))
    const signed = o.challenge === 'login' ? challengeOf(passkeys) : o.challenge
    const answer = { response: softDevice().add({ challenge: signed, ...PLACE }), session: o.session, place: o.place }
    await expect(passkeys.add(OWNER, { name: 'laptop', openedAt: o.openedAt, answer })).rejects.toMatchObject({ code: 'passkey_refused' })
    expect(passkeys.ofKey(OWNER.keyHash)).toEqual([])
  })

  test('twice adds one; above ten of a key none', async () => {
    const { passkeys } = await open()
    const device = softDevice()
    for (let n = 0; n < 2; n++) await added(passkeys, { device }).catch(() => undefined)
    expect(passkeys.ofKey(OWNER.keyHash)).toHaveLength(1)
    for (let n = 0; n < 9; n++) await added(passkeys)
    await expect(added(passkeys)).rejects.toMatchObject({ code: 'too_many_keys' })
  })

  test('of many at once adds ten', async () => {
    const { passkeys } = await open()
    const ends = await Promise.allSettled(Array.from({ length: 15 }, () => added(passkeys)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(passkeys.ofKey(OWNER.keyHash)).toHaveLength(10)
  })
})
