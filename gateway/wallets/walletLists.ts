import type { Lister } from '../audit/lists/lister.ts'
import { saidMetadata } from '../ports/metadata.ts'
import { readWalletFact } from './wallet/facts.ts'

const listWallets: Lister = (fact) => {
  const known = readWalletFact(fact)
  switch (known?.type) {
    case 'lightning_address.created':
      return [
        {
          list: 'lightning_addresses',
          id: known.id,
          begins: { at: known.at, parties: [known.data.party] },
          ...saidMetadata(known.data.metadata),
        },
      ]
    case 'lightning_address.offered':
      return [{ list: 'lightning_addresses', id: known.id, references: [known.data.offer] }]
    case 'withdraw_link.created': {
      const { party, asset, units, metadata } = known.data
      const about = { amount: { asset, units: BigInt(units) }, ...saidMetadata(metadata) }
      return [{ list: 'withdraw_links', id: known.id, begins: { at: known.at, parties: [party] }, ...about }]
    }
    case 'wallet_app.created':
      return [
        { list: 'wallet_apps', id: known.id, begins: { at: known.at, parties: [known.data.party] }, ...saidMetadata(known.data.metadata) },
      ]
    default:
      return []
  }
}

/** What balances that wallets may use change in lists. */
export const walletLists: readonly Lister[] = [listWallets]
