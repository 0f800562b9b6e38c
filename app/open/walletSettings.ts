import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import type { WalletParts } from '../../gateway/wallets/wallet/wallet.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { Rails } from './openRails.ts'
import { walletKeyFile } from './walletKeyFile.ts'

type Settings = Pick<WalletParts, 'receiver' | 'nodeId' | 'reusableOffers' | 'keysendNode' | 'network' | 'relays' | 'readInvoice' | 'key'>

/** What parties' wallets are told of the Lightning rail, where there is one, and of this configuration. */
export function walletSettings(config: GatewayConfig, { receivers, lightning }: Pick<Rails, 'receivers' | 'lightning'>): Settings {
  return {
    receiver: receivers.find(({ rail }) => rail === 'lightning'),
    nodeId: () => lightning?.nodeId(),
    reusableOffers: lightning?.reusableOffer && { rail: lightning.rail, reusableOffer: lightning.reusableOffer },
    // Only the embedded node says what came with a payment.
    keysendNode: () => (config.lightning && 'chainUrl' in config.lightning ? lightning?.nodeId() : undefined),
    network: config.network === 'local' ? 'regtest' : config.network,
    relays: config.nwc?.relays ?? [],
    readInvoice: readBolt11,
    key: walletKeyFile(config.dataDir),
  }
}
