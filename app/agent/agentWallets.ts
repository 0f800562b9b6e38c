import { openNwcClient } from '../../adapters/nwc/openNwcClient.ts'
import { bookWallet } from '../../gateway/client/bookWallet.ts'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { lightningWallet } from '../../gateway/client/lightningWallet.ts'
import { lndPayer } from '../../gateway/client/lndPayer.ts'
import { keyAccount } from '../../gateway/client/signer/keyAccount.ts'
import type { Wallet } from '../../gateway/client/wallet.ts'
import { dollarsPerBitcoin } from '../../gateway/money/dollars.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { AgentConfig } from './agentConfig.ts'

/** The wallets of a configuration; `close` ends what they hold open. */
export function openWallets({ evm, nwc, lnd, balance, dollarsPerBitcoin: price = '0' }: AgentConfig['wallets']) {
  const client = nwc === undefined ? undefined : openNwcClient(nwc)
  const rate = () => dollarsPerBitcoin(price)
  if (client || lnd) rate()
  const wallets: (Wallet | undefined)[] = [
    evm && evmWallet({ account: keyAccount(evm.privateKey as Hex), ...(evm.tokens && { tokens: evm.tokens.map(tokenOf) }) }),
    client && lightningWallet({ payInvoice: client.payInvoice, lookupInvoice: client.lookupInvoice, rate }),
    lnd && lightningWallet({ ...lndPayer(lnd), rate }),
    balance && bookWallet({ apiKey: balance.apiKey, origins: balance.gateways }),
  ]
  return { wallets: wallets.filter((wallet) => wallet !== undefined), close: () => client?.close() }
}

type Token = NonNullable<NonNullable<AgentConfig['wallets']['evm']>['tokens']>[number]

function tokenOf({ chainId, address, scale, name, version }: Token) {
  return { chainId, address, scale, ...(name !== undefined && { name }), ...(version !== undefined && { version }) }
}
