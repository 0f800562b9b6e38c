import { randomBytes } from 'node:crypto'
import type { World } from './startWorld.ts'

/** Dollars for one whole unit, in this world: fixed, a simulation of a market. */
export const PRICES = { BTC: '100000', EUR: '1.08', ETH: '3000', USDC: '1' } as const

/** How often the rails are looked at, unless told: for tests, which wait for it all the time. */
const POLL_MS = 50
const BANK_POLL_MS = 100

/** The configuration of a gateway in this world, as its file holds it. */
export function worldConfig(
  world: World,
  o: { dataDir: string; port: number; operatorKey: string; secondKey?: string; challengeSecret?: string; demo?: boolean; pollMs?: number },
) {
  const { chains, lightning, bank } = world
  const payeeAccounts = chains[0].customers.slice(-3).map((c) => c.address)
  return {
    network: 'local' as const,
    dataDir: o.dataDir,
    port: o.port,
    operatorKey: o.operatorKey,
    ...(o.secondKey === undefined ? {} : { operators: [{ name: 'second', key: o.secondKey }] }),
    prices: PRICES,
    // Who tries it wants to see money move, and gas of a local chain costs more than what is bought on it.
    collect: { holdS: 0, dustUsd: '1000' },
    challengeSecret: o.challengeSecret ?? randomBytes(32).toString('base64url'),
    evm: chains.map((chain, i) => ({
      chainId: chain.chainId,
      rpcUrls: [chain.rpcUrl] as [string],
      token: { address: chain.token, name: chain.tokenName, version: chain.tokenVersion, ledger: 100 + i },
      hub: chain.hub,
      operatorKey: chain.operatorKey,
      finality: { depth: 1 },
      pollMs: o.pollMs ?? POLL_MS,
      l1DataFee: chain.gasPriceOracle ? { oracle: chain.gasPriceOracle } : ('none' as const),
    })),
    lightning: { chainUrl: lightning.chainUrl, peer: lightning.router },
    lnurl: { localHosts: [lightning.customer.address.split('@')[1]!] },
    world: { lightningUrl: lightning.controlUrl, bankUrl: bank.controlUrl },
    bank: {
      folder: bank.folder,
      account: bank.account,
      feeEur: '0.02',
      pollMs: o.pollMs === undefined ? BANK_POLL_MS : BANK_POLL_MS * 5,
      settlementSeconds: 10,
    },
    ...(o.demo === false ? {} : { demo: { payeeAccounts } }),
  }
}
