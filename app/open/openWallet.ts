import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import { createWallet, type Wallet, type WalletParts } from '../../gateway/wallets/wallet/wallet.ts'
import type { GatewayConfig } from '../config/config.ts'
import { walletKeyFile } from './walletKeyFile.ts'

type Parts = Pick<WalletParts, 'books' | 'nodeId' | 'reusableOffers' | 'payouts' | 'rates' | 'clock' | 'ids' | 'assetOf'> &
  Readonly<{ receivers: readonly Receiver[] }>

/** Parties' wallets over the Lightning rail, when there is one. Call it before the books start. */
export function openWallet(config: GatewayConfig, { receivers, ...parts }: Parts): Wallet {
  const receiver = receivers.find(({ rail }) => rail === 'lightning')
  const network = config.network === 'local' ? 'regtest' : config.network
  const relays = config.nwc?.relays ?? []
  // Only the embedded node says what came with a payment.
  const keysendNode = config.lightning && 'chainUrl' in config.lightning ? parts.nodeId : undefined
  return createWallet({ ...parts, receiver, network, relays, keysendNode, readInvoice: readBolt11, key: walletKeyFile(config.dataDir) })
}
