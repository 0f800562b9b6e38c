import fc from 'fast-check'
import { getAddress, type Hex, keccak256, toHex } from 'viem'
import { hardhat } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recoverSigner } from '../../gateway/payins/proof/recoverSigner.ts'
import type { VoucherChannelTerms } from '../../gateway/ports/voucherChannels.ts'
import { channelIdOf, DEPOSIT_MAX } from '../../gateway/split/channelId.ts'
import { CLAIM_ROWS_MAX, claimRows, type HeldVoucher } from '../../gateway/split/claimRows.ts'
import { divideCumulative } from '../../gateway/split/divideCumulative.ts'
import { commitTo } from '../../gateway/split/splitTree.ts'
import { voucherDigest } from '../../gateway/split/voucher.ts'
import type { VoucherRow } from '../../gateway/split/voucherRow.ts'
import {
  claimPacked,
  closeNow,
  deposit,
  fundPayers,
  payers,
  requestClose,
  signVoucher,
  termsOf,
  withdrawLater,
  withdrawnIn,
} from './channelChain.ts'
import { claim, openChain, type SplitChain } from './splitChain.ts'

const SEED = 402
const RUNS = 25
const CHANNELS = 4

/** The contract's reasons, by their order in `SkipReason`. */
const [NOT_HIGHER, OVER_DEPOSIT, NOT_SIGNED] = [0, 1, 2]

const someUnits = fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 2n ** 93n))
const channel = fc.nat({ max: CHANNELS - 1 })
const somePermille = fc.oneof(fc.bigInt(0n, 1100n), fc.constant(1000n))
const someStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deposit' as const), channel, units: someUnits, signed: fc.boolean() }) },
  /** `permille` of the deposit and a few units more or less, which reaches above it; `forged` 0: by another payer's key. */
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('voucher' as const),
      channel,
      permille: somePermille,
      off: fc.bigInt(-2n, 2n),
      forged: fc.nat({ max: 9 }),
    }),
  },
  /** All vouchers so far in an order of their own, good, old and forged, or only those that our rule chooses. */
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('claim' as const), chosen: fc.boolean(), order: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), channel, agreed: fc.boolean() }) },
)
type Step = typeof someStep extends fc.Arbitrary<infer T> ? T : never
type State = { terms: VoucherChannelTerms; id: Hex; deposit: bigint; claimed: bigint; closed: boolean; vouchers: Row[] }
type Row = VoucherRow & { signer: Hex }

describe('voucher channels on the chain and in TypeScript', () => {
  let chain: SplitChain
  beforeAll(async () => {
    chain = await openChain()
    await fundPayers(chain, 2n ** 120n)
  })
  afterAll(() => chain?.connection.close())

  test('agree on every id, deposit, claim, skipped row, rest and share after any sequence', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt(1n, 10n ** 6n), { minLength: 1, maxLength: 5 }),
        fc.array(someStep, { minLength: 6, maxLength: 24 }),
        async (shares, steps) => {
          await playAndCompare(chain, { run: run++, shares, steps })
        },
      ),
      { numRuns: RUNS, seed: SEED },
    )
    expect(run).toBeGreaterThanOrEqual(RUNS)
  })

  test('agree at the edge of 96 bits: a full channel is claimed to the unit and takes no more', async () => {
    const [payer] = payers
    const tree = commitTo({ payees: [{ account: '0x00000000000000000000000000000000000000e1', shares: 1n }], metadata: 'edge' })
    const terms = termsOf(chain, { payer: payer!.address, salt: 2n ** 96n - 1n, splitId: tree.splitId })
    const id = channelIdOf(terms)
    await deposit(chain, payer!, { terms, units: DEPOSIT_MAX - 1n, way: { kind: 'open' } })
    await deposit(chain, payer!, { terms, units: 1n, way: { kind: 'topUp' } })
    await expect(deposit(chain, payer!, { terms, units: 1n, way: { kind: 'topUp' } })).rejects.toThrow('DepositOverflow')
    const row = async (cumulative: bigint) => ({ ...terms, cumulative, signature: await signVoucher(chain, payer!, id, cumulative) })
    const over = await claimPacked(chain, tree.splitId, [await row(2n ** 96n), await row(2n ** 128n - 1n)])
    expect(over).toMatchObject({ value: 0n, skipped: [{ reason: OVER_DEPOSIT }, { reason: OVER_DEPOSIT }] })
    expect(await claimPacked(chain, tree.splitId, [await row(DEPOSIT_MAX)])).toMatchObject({ value: DEPOSIT_MAX, rows: 1n, skipped: [] })
    expect(await claim(chain, tree, 0)).toBe(DEPOSIT_MAX)
  })

  test('agree that a full batch fits into one transaction with room to spare', async () => {
    const [payer] = payers
    const tree = commitTo({ payees: [{ account: '0x00000000000000000000000000000000000000e2', shares: 1n }], metadata: 'full' })
    const held: HeldVoucher[] = []
    for (let salt = 1n; salt <= BigInt(CLAIM_ROWS_MAX); salt++) {
      const terms = termsOf(chain, { payer: payer!.address, salt, splitId: tree.splitId })
      await deposit(chain, payer!, { terms, units: 10n, way: { kind: 'open' } })
      const channelId = channelIdOf(terms)
      const signature = await signVoucher(chain, payer!, channelId, 7n)
      held.push({ channelId, row: { ...terms, cumulative: 7n, signature }, deposit: 10n, claimed: 0n })
    }
    const [batch, none] = claimRows(held)
    expect(none).toBeUndefined()
    const claimed = await claimPacked(chain, tree.splitId, batch!.rows)
    expect(claimed).toMatchObject({ value: batch!.value, rows: BigInt(CLAIM_ROWS_MAX), skipped: [] })
    // EIP-7825: a transaction may use 2^24 gas.
    expect(claimed.gasUsed).toBeLessThan(2n ** 24n / 2n)
  })
})

/** Plays the steps on the chain and on plain numbers side by side, and compares after each. */
async function playAndCompare(chain: SplitChain, game: { run: number; shares: readonly bigint[]; steps: readonly Step[] }) {
  const { wallet, token, settlement, usdc, hub } = chain
  const { run, shares, steps } = game
  const payees = shares.map((own, i) => ({ account: getAddress(`0x${keccak256(toHex(`c${run}/${i}`)).slice(26)}`), shares: own }))
  const tree = commitTo({ payees, metadata: `channels ${run}` })
  const states = Array.from({ length: CHANNELS }, (_, i): State => {
    const terms = termsOf(chain, { payer: payers[i % payers.length]!.address, salt: BigInt(i), splitId: tree.splitId })
    return { terms, id: channelIdOf(terms), deposit: 0n, claimed: 0n, closed: false, vouchers: [] }
  })
  const earned = shares.map(() => 0n)
  let received = 0n
  const held = () => wallet.readContract({ ...usdc, functionName: 'balanceOf', args: [hub] })
  const before = await held()
  for (const [place, step] of steps.entries()) {
    if (step.kind === 'claim') {
      const value = await claimBoth(chain, { splitId: tree.splitId, states, step })
      for (const [i, delta] of divideCumulative(received, value, shares).deltas.entries()) earned[i]! += delta
      received += value
    } else await play(chain, states[step.channel]!, { step, ref: keccak256(toHex(`${run}/${place}`)) })
    for (const own of states) {
      const [units, claimed] = await wallet.readContract({ ...settlement, functionName: 'channel', args: [own.id] })
      expect([units, claimed]).toEqual([own.deposit, own.claimed])
    }
    expect(await wallet.readContract({ ...settlement, functionName: 'pot', args: [tree.splitId, token] })).toEqual([received, 0n])
    // What verify compares: pots and channel deposits are all that the hub holds.
    expect((await held()) - before).toBe(received + states.reduce((sum, own) => sum + own.deposit - own.claimed, 0n))
  }
  for (const index of shares.keys()) expect(await claim(chain, tree, index)).toBe(earned[index])
}

/** One step of one channel; what the contract refuses is left out on both sides. */
async function play(chain: SplitChain, own: State, { step, ref }: { step: Exclude<Step, { kind: 'claim' }>; ref: Hex }) {
  const payer = payers.find(({ address }) => address === own.terms.payer)!
  expect(await chain.wallet.readContract({ ...chain.settlement, functionName: 'channelIdOf', args: [own.terms] })).toBe(own.id)
  if (step.kind === 'deposit') {
    if (own.closed || own.deposit + step.units > DEPOSIT_MAX) return
    const way = step.signed
      ? ({ kind: 'authorization', salt: ref } as const)
      : { kind: own.deposit === 0n ? ('open' as const) : ('topUp' as const) }
    await deposit(chain, payer, { terms: own.terms, units: step.units, way })
    own.deposit += step.units
  } else if (step.kind === 'voucher') {
    const wanted = (own.deposit * step.permille) / 1000n + step.off
    const cumulative = wanted < 0n ? 0n : wanted
    const signer = step.forged === 0 ? payers.find(({ address }) => address !== payer.address)! : payer
    const signature = await signVoucher(chain, signer, own.id, cumulative)
    // Our digest is what the wallet signed: the signer comes back from it.
    const digest = voucherDigest({ chainId: hardhat.id, hub: chain.hub }, { channelId: own.id, cumulative })
    expect(recoverSigner(digest, signature)).toBe(signer.address.toLowerCase())
    own.vouchers.push({ payer: own.terms.payer, salt: own.terms.salt, cumulative, signature, signer: signer.address })
  } else {
    if (own.closed || own.deposit === 0n) return
    if (!step.agreed) await requestClose(chain, payer, own.terms)
    const receipt = step.agreed ? await closeNow(chain, own.terms, own.claimed) : await withdrawLater(chain, own.terms)
    expect(withdrawnIn(receipt)).toBe(own.deposit - own.claimed)
    own.deposit = own.claimed
    own.closed = true
  }
}

/** Claims on the chain, and by the rule in TypeScript; what was good, its sum and each skipped row with its reason must be the same. */
async function claimBoth(
  chain: SplitChain,
  { splitId, states, step }: { splitId: Hex; states: readonly State[]; step: Extract<Step, { kind: 'claim' }> },
): Promise<bigint> {
  const all = states.flatMap((own) => own.vouchers.map((row) => ({ own, row })))
  const shuffled = all.map((pick, i) => ({ pick, key: keccak256(toHex(`${step.order}/${i}`)) })).sort((a, b) => (a.key < b.key ? -1 : 1))
  const good = all.filter(({ own, row }) => row.signer === own.terms.payer)
  const batches = claimRows(good.map(({ own, row }) => ({ channelId: own.id, row, deposit: own.deposit, claimed: own.claimed })))
  const picks = step.chosen
    ? (batches[0]?.rows ?? []).map((row) => good.find((g) => g.row === row)!)
    : shuffled.map(({ pick }) => pick).slice(0, 20)
  if (picks.length === 0) return 0n
  let [value, rows] = [0n, 0n]
  const skipped: { channelId: Hex; reason: number }[] = []
  for (const { own, row } of picks) {
    const reason = whySkipped(own, row)
    if (reason !== undefined) skipped.push({ channelId: own.id, reason })
    else {
      value += row.cumulative - own.claimed
      rows += 1n
      own.claimed = row.cumulative
    }
  }
  expect(
    await claimPacked(
      chain,
      splitId,
      picks.map(({ row }) => row),
    ),
  ).toMatchObject({ value, rows, skipped })
  // Our own choice is never skipped.
  if (step.chosen) expect({ value, skipped }).toEqual({ value: batches[0]!.value, skipped: [] })
  return value
}

function whySkipped(own: State, row: Row): number | undefined {
  if (row.cumulative <= own.claimed) return NOT_HIGHER
  if (row.cumulative > own.deposit) return OVER_DEPOSIT
  return row.signer === own.terms.payer ? undefined : NOT_SIGNED
}
