import type { ArrivalOwners } from '../payins/settlement/arrivalOwners.ts'
import type { Ground } from '../ports/ground.ts'
import type { PayTerms } from './lnurl/payTerms.ts'
import type { OpenedSuccess } from './lnurl/successAction.ts'
import { createWallet, type Wallet, type WalletParts } from './wallet/wallet.ts'

/** Lightning Addresses and LNURLs of others. */
type AddressesOfOthers = Readonly<{
  /** On what terms one can be paid; moves nothing. */
  resolve: (text: string) => Promise<PayTerms>
  /** What the payee showed after it was paid, by the attempt that paid it. */
  success: (attempt: string) => OpenedSuccess | undefined
}>

/** What the wallets' wing shows. */
export type WalletsFace = Readonly<{ wallet: Wallet; addresses: AddressesOfOthers }>

type Parts = Omit<WalletParts, 'clock' | 'ids' | 'rates' | 'assetOf'> &
  Readonly<{
    addresses: AddressesOfOthers
    /** Where it says which arrivals are its parties'. */
    arrivals: Pick<ArrivalOwners, 'add'>
  }>

/** Parties' wallets over the Lightning rail, when there is one. Call it before the books start. */
export function openWallets(ground: Ground, { addresses, arrivals, ...parts }: Parts): WalletsFace {
  const { clock, ids, rates, assetOf } = ground
  const wallet = createWallet({ ...parts, clock, ids, rates, assetOf })
  arrivals.add({
    partyOf: wallet.partyOf,
    keysendOwner: wallet.keysends.ownerOf,
    ownInvoice: (paymentHash) => wallet.invoices.get(paymentHash)?.invoice,
  })
  return { wallet, addresses }
}
