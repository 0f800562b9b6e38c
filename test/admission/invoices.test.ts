import { expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import type { Faces } from '../../gateway/api/http/faces.ts'
import { lnurlPayRoutes } from '../../gateway/api/walletRoutes/lnurlPay.ts'
import { bootWallet, OWNER, settle } from '../wallet/walletWorld.ts'

async function addressOnline() {
  const now = { ms: 1_800_000_000_000 }
  const { wallet, books } = await bootWallet({ clock: { now: () => now.ms } })
  const wish = { name: 'alice', party: OWNER, description: 'tips', minMsat: 1_000n, maxMsat: 1_000_000n, commentMax: 0, payerData: {} }
  await wallet.addresses.create({ ...wish, success: undefined })
  const app = newApp({ publicUrl: 'http://localhost' })
  // Of the faces a route takes only these.
  await app.register(lnurlPayRoutes({ callers: { publicUrl: 'http://yard.test' }, wallets: { wallet } } as unknown as Faces))
  const ask = async (remoteAddress: string) =>
    (await app.inject({ url: '/lnurl/pay/alice?amount=2000', remoteAddress })).json<{ pr?: string; verify?: string; reason?: string }>()
  return { ask, books, now, wallet }
}

test('two hundred anonymous GETs of one network do not close a Lightning Address for others', async () => {
  const { ask } = await addressOnline()
  for (let i = 0; i < 200; i++) await ask(`198.51.100.${i}`)
  expect(await ask('203.0.113.5')).toHaveProperty('pr')
  // Nor do those of many networks, one after the other.
  for (let net = 0; net < 10; net++) for (let i = 0; i < 100; i++) await ask(`10.0.${net}.${i}`)
  expect(await ask('203.0.114.5')).toHaveProperty('pr')
})

test('a network whose invoices are paid can go on', async () => {
  const { ask, books } = await addressOnline()
  let answer = await ask('198.51.100.1')
  const first = answer.verify!.split('/').at(-1)!
  while (answer.pr) answer = await ask('198.51.100.1')
  expect(answer.reason).toMatch(/share/)
  await settle(books, { paymentHash: first, party: OWNER, units: 2_000n })
  expect(await ask('198.51.100.1')).toHaveProperty('pr')
})

/** Each network asks as often as it is answered, and they come back in turns, ten times. */
async function besiege(ask: (remoteAddress: string) => Promise<{ pr?: string }>, networks: number): Promise<number> {
  let made = 0
  for (let turn = 0; turn < 10; turn++)
    for (let net = 0; net < networks; net++) {
      while ((await ask(`10.${net >> 8}.${net & 255}.${turn}`)).pr) made++
    }
  return made
}

test('sixty networks together, which pay nothing, do not close a Lightning Address for another one', async () => {
  const { ask } = await addressOnline()
  await besiege(ask, 60)
  const answers = await Promise.all([1, 2, 3, 4, 5].map((host) => ask(`203.0.113.${host}`)))
  expect(answers.map(({ pr }) => pr !== undefined)).toEqual([true, true, true, true, true])
})

test('what so many networks can have made for them is bounded by how many they are', async () => {
  const { ask, now } = await addressOnline()
  expect(await besiege(ask, 60)).toBeLessThanOrEqual(160 + 60 * 5)
  expect(await ask('10.0.0.1')).not.toHaveProperty('pr')
  now.ms += 600_000
  expect(await ask('10.0.0.1')).toHaveProperty('pr')
})

test('however many strangers ask, the payee’s own apps can have their invoices', async () => {
  const { ask, wallet } = await addressOnline()
  await besiege(ask, 60)
  const purpose = { kind: 'app' as const, of: 'app', description: 'own' }
  const own = () => wallet.invoices.make({ party: OWNER, amountMsat: 1_000n, expiresInS: 600, purpose })
  for (let i = 0; i < 200; i++) await own()
  await expect(own()).rejects.toMatchObject({ code: 'too_busy' })
})
