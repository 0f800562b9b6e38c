import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import type { Receiver } from '../ports/receiver.ts'
import { createWallet, type Wallet, type WalletParts } from '../wallet/wallet.ts'
import { walletKeyFile } from './walletKeyFile.ts'

type Parts = Omit<WalletParts, 'receiver' | 'readInvoice' | 'key'> & Readonly<{ dataDir: string; receivers: readonly Receiver[] }>

/** Parties' wallets over the Lightning rail, when there is one. Call it before the books start. */
export function openWallet({ dataDir, receivers, ...parts }: Parts): Wallet {
  const receiver = receivers.find(({ rail }) => rail === 'lightning')
  return createWallet({ ...parts, receiver, readInvoice: readBolt11, key: walletKeyFile(dataDir) })
}
