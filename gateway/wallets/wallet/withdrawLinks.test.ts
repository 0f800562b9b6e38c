import { describe, expect, test } from 'vitest'
import { USDC } from '../../../test/payout/payoutWorld.ts'
import { bootWallet, foreignInvoice, OWNER, type WalletWorld } from '../../../test/wallet/walletWorld.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'

/** As long as a busy machine may take. */
const SOON = { timeout: 30_000 }

const terms = (o: { units?: bigint; asset?: typeof BTC; uses?: number; expiresAt?: number } = {}) => ({
  party: OWNER,
  budget: money(o.asset ?? BTC, o.units ?? 50_000n),
  uses: o.uses ?? 10,
  description: 'change',
  expiresAt: o.expiresAt ?? Date.now() + 60_000,
})
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { code?: string; shortMessage?: string }) => `${error.code}: ${error.shortMessage}`,
  )
const ended = ({ payouts }: WalletWorld, id: string) => payouts.wait(id, { timeoutMs: 30_000 })
const held = ({ books }: WalletWorld, asset = BTC) => {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(`party:${OWNER}`, asset)
  return creditsPosted - debitsPosted - debitsPending
}

describe('a withdrawal link', () => {
  test('pays its holder, and what is left of it shrinks', async () => {
    const world = await bootWallet()
    const { withdrawLinks: links } = world.wallet
    const link = await links.create(terms())
    const k1 = links.k1Of(link.id)
    expect(links.terms(link.id, k1)).toMatchObject({ minMsat: 1_000n, maxMsat: 50_000n })
    const id = await links.withdraw(link.id, k1, foreignInvoice(20_000n))
    expect(await ended(world, id)).toMatchObject({ status: 'settled', rail: 'lightning', createdBy: link.id })
    expect(links.terms(link.id, k1).maxMsat).toBe(30_000n)
    expect(held(world)).toBe(1_000_000_000n - 20_000n)
  })

  test('in another asset takes what the invoice costs there, rounded up', async () => {
    const world = await bootWallet()
    const { withdrawLinks: links } = world.wallet
    const link = await links.create(terms({ asset: USDC, units: 50_000n }))
    const id = await links.withdraw(link.id, links.k1Of(link.id), foreignInvoice(20_000n))
    expect(await ended(world, id)).toMatchObject({ status: 'settled', rail: 'lightning' })
    expect(held(world, USDC)).toBe(1_000_000_000n - 20_000n)
  })

  test('gives back what could not be paid, and the same invoice may be tried again', async () => {
    const world = await bootWallet()
    const { withdrawLinks: links } = world.wallet
    const link = await links.create(terms({ uses: 1 }))
    const k1 = links.k1Of(link.id)
    world.rails.lightning.manner = 'refuse'
    const invoice = foreignInvoice(20_000n)
    const first = await links.withdraw(link.id, k1, invoice)
    expect(await ended(world, first)).toMatchObject({ status: 'failed' })
    expect(links.statusOf(link)).toBe('open')
    world.rails.lightning.manner = 'pay'
    const second = await links.withdraw(link.id, k1, invoice)
    expect(await ended(world, second)).toMatchObject({ status: 'settled' })
    expect([links.statusOf(link), second === first, world.rails.lightning.paid.length]).toEqual(['used', false, 1])
  })

  test('keeps what may have been paid as long as nobody knows', async () => {
    const world = await bootWallet()
    const { withdrawLinks: links } = world.wallet
    const link = await links.create(terms())
    world.rails.lightning.manner = 'stuck'
    const invoice = foreignInvoice(50_000n)
    const id = await links.withdraw(link.id, links.k1Of(link.id), invoice)
    await expect.poll(() => world.payouts.get(id).status, SOON).toBe('outcome_unknown')
    expect(links.statusOf(link)).toBe('used')
    expect(await links.withdraw(link.id, links.k1Of(link.id), invoice)).toBe(id)
    await world.payouts.close()
  })

  test('is never drawn twice for its rest, however many ask at once', async () => {
    const world = await bootWallet()
    const { withdrawLinks: links } = world.wallet
    const link = await links.create(terms({ units: 50_000n }))
    const asked = Array.from({ length: 12 }, () => refusal(links.withdraw(link.id, links.k1Of(link.id), foreignInvoice(15_000n))))
    const answers = await Promise.all(asked)
    expect(answers.filter((answer) => answer === 'nothing was refused')).toHaveLength(3)
    await expect.poll(() => world.rails.lightning.paid.length, SOON).toBe(3)
    expect(world.rails.lightning.sent()).toBe(45_000n)
  })

  test('stands after a restart, with the same secret and what was drawn', async () => {
    const first = await bootWallet()
    const link = await first.wallet.withdrawLinks.create(terms())
    const k1 = first.wallet.withdrawLinks.k1Of(link.id)
    const invoice = foreignInvoice(20_000n)
    const id = await first.wallet.withdrawLinks.withdraw(link.id, k1, invoice)
    await ended(first, id)
    const second = await bootWallet({ journal: first.journal, rails: first.rails })
    expect(second.wallet.withdrawLinks.terms(link.id, k1)).toMatchObject({ maxMsat: 30_000n })
    expect(await second.wallet.withdrawLinks.withdraw(link.id, k1, invoice)).toBe(id)
    expect(first.rails.lightning.paid).toHaveLength(1)
  })
})

test.each<[string, (w: WalletWorld) => Promise<unknown>, string]>([
  [
    'another secret',
    async ({ wallet: { withdrawLinks: l } }) => l.withdraw((await l.create(terms())).id, '0'.repeat(64), foreignInvoice(1_000n)),
    'not_found',
  ],
  [
    'no link at all',
    async ({ wallet: { withdrawLinks: l } }) => l.withdraw('wl_none', l.k1Of('wl_none'), foreignInvoice(1_000n)),
    'not_found',
  ],
  ['more than is left', async ({ wallet: { withdrawLinks: l } }) => draw(l, terms(), foreignInvoice(50_001n)), 'over 1000 to 50000 msat'],
  ['less than a satoshi', async ({ wallet: { withdrawLinks: l } }) => draw(l, terms(), foreignInvoice(999n)), 'over 1000 to 50000 msat'],
  ['an open amount', async ({ wallet: { withdrawLinks: l } }) => draw(l, terms(), foreignInvoice()), 'over 1000 to 50000 msat'],
  [
    'an expired link',
    async ({ wallet: { withdrawLinks: l } }) => draw(l, terms({ expiresAt: 1 }), foreignInvoice(1_000n)),
    'over 1000 to 0 msat',
  ],
  ['a text that is no invoice', async ({ wallet: { withdrawLinks: l } }) => draw(l, terms(), 'lnbcrt1nonsense'), 'cannot be paid'],
  [
    'more than the balance',
    async ({ wallet: { withdrawLinks: l } }) => draw(l, terms({ units: 10n ** 12n }), foreignInvoice(2n * 10n ** 9n)),
    'over 1000 to 1000000000 msat',
  ],
])('%s is refused, and nothing is held', async (_, work, why) => {
  const world = await bootWallet()
  expect(await refusal(work(world))).toContain(why)
  expect(held(world)).toBe(1_000_000_000n)
})

test('a canceled link pays nobody', async () => {
  const { wallet } = await bootWallet()
  const link = await wallet.withdrawLinks.create(terms())
  await wallet.withdrawLinks.cancel(link.id)
  expect(wallet.withdrawLinks.terms(link.id, wallet.withdrawLinks.k1Of(link.id))).toMatchObject({ minMsat: 0n, maxMsat: 0n })
  expect(await refusal(wallet.withdrawLinks.withdraw(link.id, wallet.withdrawLinks.k1Of(link.id), foreignInvoice(1_000n)))).toContain(
    'to 0 msat',
  )
})

async function draw(links: WalletWorld['wallet']['withdrawLinks'], wanted: ReturnType<typeof terms>, invoice: string) {
  const { id } = await links.create(wanted)
  return links.withdraw(id, links.k1Of(id), invoice)
}
