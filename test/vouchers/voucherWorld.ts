import { generateKeyPairSync } from 'node:crypto'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { ETH } from '../../gateway/money/asset.ts'
import { createParties } from '../../gateway/parties/party/parties.ts'
import { createSplits } from '../../gateway/parties/party/splits.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import { voucherAccepter } from '../../gateway/payins/vouchers/acceptVoucher.ts'
import { createChainStates } from '../../gateway/payins/vouchers/chainStates.ts'
import { createClaimRounds } from '../../gateway/payins/vouchers/claimRounds.ts'
import { voucherClaimer } from '../../gateway/payins/vouchers/claimVouchers.ts'
import { channelOpener } from '../../gateway/payins/vouchers/openVoucherChannel.ts'
import { createShownVouchers } from '../../gateway/payins/vouchers/shownVouchers.ts'
import { createUnclaimed } from '../../gateway/payins/vouchers/unclaimed.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import type { RateSource } from '../../gateway/ports/rates.ts'
import type { VoucherChannelTerms } from '../../gateway/ports/voucherChannels.ts'
import { voucherDigest } from '../../gateway/split/voucher.ts'
import { CLOSER, createFakeHub, RAIL, TOKEN_ASSET } from './fakeHub.ts'

const OPERATOR: Hex = `0x${'0e'.repeat(20)}`
const START_MS = 1_800_000_000_000
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export const payers = ['ann', 'ben', 'cas'].map((name) => privateKeyToAccount(keccak256(toHex(name))))
/** 5, 3 and 2 of 10. */
const SHARES = [5n, 3n, 2n]

export type VoucherWorld = Awaited<ReturnType<typeof openVoucherWorld>>

/** A gateway's books, views, watcher and channel room over a hub in memory. Give it a journal and a hub to start it again on what stands. */
export async function openVoucherWorld(o: { journal?: ReturnType<typeof memoryJournal>; hub?: ReturnType<typeof createFakeHub> } = {}) {
  const time = { ms: START_MS }
  const clock = { now: () => time.ms }
  const hub = o.hub ?? createFakeHub(() => BigInt(time.ms) / 1000n)
  const journal = o.journal ?? memoryJournal()
  const books = createBooks({ journal, clock })
  const ids = uuidIds(clock)
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: OPERATOR })
  const assetOf = () => TOKEN_ASSET
  const settlements = createSettlementRecords(books, assetOf)
  const receipts = receiptSigner({ privateKeyPem: key, clock, ids })
  const chainOf = () => hub.chain
  const records = settlements.channels
  const states = createChainStates({ chainOf, clock })
  const unclaimed = createUnclaimed({ books, records, isServed: () => true })
  const claim = voucherClaimer({ unclaimed, states, chainOf, ids, shown: createShownVouchers({ books, clock }) })
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const rounds = createClaimRounds({ unclaimed, states, chainOf, claim, rates, clock, log })
  const accept = voucherAccepter({ books, records, splits, states, chainOf, receipts, clock, ids })
  const open = channelOpener({ records, rates, clock })
  const context = {
    intents: createIntentRecords(books, assetOf),
    settlements,
    requests: createRequestRecords(books),
    parties,
    splits,
    receipts,
    clock,
    bookAsset: TOKEN_ASSET,
  }
  await books.start()
  const split = splits.list()[0] ?? (await register())
  const watching = watchSettlements({
    books,
    context,
    receivers: [hub.receiver],
    ids,
    factsAt: (seq) => factsAt(journal, seq),
    capitalOf: async () => undefined,
    log,
  })

  async function register() {
    const rows = SHARES.map(async (shares, i) => {
      const { party } = await parties.create({ name: `payee ${i}` })
      return { party: party.id as PartyId, account: `0x${`${i + 1}`.repeat(40)}` as Hex, shares }
    })
    return splits.create({ payees: await Promise.all(rows), label: 'table' })
  }

  const credit = (path: string) => {
    const b = books.balance(path, TOKEN_ASSET)
    return b.creditsPosted - b.debitsPosted
  }
  return {
    hub,
    journal,
    books,
    splits,
    split,
    settlements,
    records,
    claim,
    rounds,
    accept,
    open,
    unclaimed,
    time,
    lines,
    terms: (payer: number, salt: bigint, closer: Hex = CLOSER): VoucherChannelTerms => ({
      payer: payers[payer]!.address.toLowerCase() as Hex, // lower-casing keeps the 0x.
      salt,
      splitId: split.splitId,
      token: hub.chain.place.token,
      closer,
    }),
    async sign(payer: number, channelId: Hex, cumulative: bigint): Promise<Hex> {
      return payers[payer]!.sign({ hash: toHex(voucherDigest(hub.chain.place, { channelId, cumulative })) })
    },
    /** Waits until everything that the hub told is booked. */
    async caughtUp(): Promise<void> {
      const last = hub.told().at(-1)
      if (!last) return
      const booked = () => books.claim(`settlement:${last.rail}:${last.kind}:${last.id}`) !== undefined
      for (let tries = 0; !booked(); tries++) {
        if (tries > 2_000) throw new Error(`the hub told of ${last.kind} ${last.id}, and it was not booked: ${lines.join('; ')}`)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    },
    channel: (id: Hex) => records.of(RAIL, id)!,
    /** What the books hold, beside what the hub does. */
    held: () => ({
      hub: -credit(accounts.rail(RAIL, 'hub')),
      deposits: credit(accounts.channel(split.splitId)),
      vouched: credit(accounts.vouched(split.splitId)),
      shares: split.payees.map((p) => credit(accounts.share(split.splitId, p.account))),
      dust: credit(accounts.dust(split.splitId)),
    }),
    close: () => watching.close(),
  }
}

/** A token is worth a dollar, an ether 3,000. */
const rates: RateSource = {
  rate(from, to) {
    const common = { from, to, observedAt: 0, source: 'test' }
    if (from.id === ETH.id && to.id === TOKEN_ASSET.id) return { ...common, num: 3_000n * 10n ** 6n, den: 10n ** 18n }
    throw new Error(`no rate from ${from.code} to ${to.code}`)
  },
}
