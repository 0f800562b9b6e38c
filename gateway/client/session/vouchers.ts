import { GroundError } from '../../errors/groundError.ts'
import { max, min } from '../../money/integers.ts'
import type { Hex } from '../../ports/ids.ts'
import { type SessionSigner, signVoucher } from './channelSignatures.ts'
import type { SessionOffer } from './sessionOffer.ts'

type SignedSum = Readonly<{ channelId: Hex; cumulativeAmount: string; signature: Hex }>

/**
 * What this payer has signed in a channel, and what it knows that it owes: never more is signed than it owes. One voucher at a time. `deposit` answers what the
 * channel holds once it holds `needed`, and throws where the budget ends.
 */
export function createVouchers(o: Readonly<{ signer: SessionSigner; channelId: Hex; deposit: (needed: bigint) => Promise<bigint> }>) {
  const { signer, channelId } = o
  let owed = 0n
  let least = 0n
  let signed: Readonly<{ sum: bigint; voucher: SignedSum }> | undefined
  let underWay = 0
  let last: Promise<unknown> = Promise.resolve()

  async function next(offer: SessionOffer): Promise<SignedSum> {
    const due = max(owed, least)
    if (signed && due <= signed.sum) return signed.voucher
    const held = await o.deposit(due)
    const sum = min(held, due)
    const voucher = { channelId, cumulativeAmount: `${sum}`, signature: await signVoucher(signer, offer, channelId, sum) }
    signed = { sum, voucher }
    return voucher
  }

  return {
    /** Owes so much more from now on; answers what takes it back where it was not served. */
    owe(units: bigint): () => void {
      owed += units
      return () => {
        owed -= units
      }
    },
    began: (): void => void underWay++,
    /** `spent`: what the gateway says that was taken by now. Believed where it is less than is owed, and nothing else runs. */
    ended(spent: bigint | undefined): void {
      underWay--
      if (underWay === 0 && spent !== undefined) owed = min(owed, spent)
    },
    /**
     * The gateway has taken more than is known here, by a request whose answer was lost: only so much more is believed. Or it has claimed the last voucher,
     * which others can read then: one unit more is signed, and is not owed.
     */
    believe(required: bigint, most: bigint): void {
      if (signed && required === signed.sum + 1n) {
        least = required
        return
      }
      if (required > owed + most)
        throw new GroundError('payment_declined', `The gateway asks for a voucher over ${required} units, and ${owed} are owed`)
      owed = max(owed, required)
    },
    owed: () => owed,
    signed: () => signed?.sum ?? 0n,
    /** A voucher over all that is owed; the last one where that covers it. */
    voucher(offer: SessionOffer): Promise<SignedSum> {
      const one = last.then(() => next(offer))
      last = one.catch(() => undefined)
      return one
    },
    /** A voucher over exactly what is owed, to end with. */
    async final(offer: SessionOffer): Promise<SignedSum> {
      const sum = max(owed, least)
      return { channelId, cumulativeAmount: `${sum}`, signature: await signVoucher(signer, offer, channelId, sum) }
    },
  }
}

export type Vouchers = ReturnType<typeof createVouchers>
