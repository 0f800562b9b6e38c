import { join } from 'node:path'
import type { Logger } from 'pino'
import { openBankRail } from '../../adapters/bank/rail.ts'
import { openEvmRail } from '../../adapters/evm/rail.ts'
import { ETH, EUR } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import { refOf } from '../../gateway/payins/intent/refOf.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { RailName } from '../../gateway/ports/railName.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import type { EvmChainConfig, GatewayConfig } from '../config/config.ts'
import { tokenOf } from './assetTable.ts'
import { openLightning, railNote } from './openLightning.ts'

/** The rails that are open, each under the ports that it serves. */
export type Rails = Awaited<ReturnType<typeof openRails>>

type Parts = Readonly<{ clock: Clock; logger: Logger }>

/** Opens every rail that is configured, all at once. */
export async function openRails(config: GatewayConfig, o: Parts) {
  const { clock, logger } = o
  const log = (line: string) => logger.warn(line)
  const file = (name: string) => join(config.dataDir, name)
  const { bank: b } = config
  const opening = [
    Promise.all(config.evm.map((chain) => openChain(chain, { ...o, dataFile: file(`evm-${chain.chainId}.db`) }))),
    openLightning(config, { clock, log }),
    b
      ? openBankRail({
          folder: b.folder,
          asset: EUR,
          dataFile: file('bank.db'),
          clock,
          fee: parseAmount(b.feeEur, EUR),
          pollMs: b.pollMs,
          account: bankAccount(b.account),
          ...(b.settlementSeconds ? { settlementSeconds: BigInt(b.settlementSeconds) } : {}),
        })
      : undefined,
  ] as const
  const [chains, lightning, bank] = await Promise.all(opening)
  const open = [...chains, lightning, bank].filter((rail) => rail !== undefined)
  return {
    chains,
    lightning,
    bank,
    /** Coins that the operator can have sent; an LND keeps its own. */
    chainWallet: lightning && 'wallet' in lightning ? { ...lightning.wallet, rail: lightning.rail } : undefined,
    names: open.map((rail) => `${rail.rail}${railNote(rail)}`),
    receivers: open as Receiver[],
    senders: open as Sender[],
    statements: open.map((rail) => ({ rail: rail.rail as RailName, statement: rail as Statement })),
    /** The bank reference that tops up a party's balance, where there is a bank. */
    topUpReference: bank && ((party: string) => topUpReference(bank, party)),
    /** What a person should see, such as a refused bank file. */
    problems: () => (bank?.problems() ?? []).map(({ what, detail }) => ({ rail: 'bank', what, detail })),
    close: () => Promise.allSettled(open.map((rail) => rail.close())),
  }
}

function openChain(chain: EvmChainConfig, { clock, logger, dataFile }: Parts & { dataFile: string }) {
  const { chainId, rpcUrls, token, hub, operatorKey, laneKeys, finality, firstBlock, pollMs, l1DataFee } = chain
  return openEvmRail({
    rpcUrls,
    chainId,
    gasAsset: ETH,
    dataFile,
    finality,
    firstBlock: BigInt(firstBlock),
    pollMs,
    clock,
    // The configuration matched them by their patterns.
    hub: hub as Hex,
    operatorKey: operatorKey as Hex,
    laneKeys: laneKeys as Hex[],
    token: { address: token.address as Hex, name: token.name, version: token.version, asset: tokenOf(chain) },
    l1DataFee: l1DataFee === 'none' ? l1DataFee : { oracle: l1DataFee.oracle as Hex },
    log: (line) => logger.warn({ rail: `evm:${chainId}` }, line),
  })
}

/** The configured account; a BIC that is not given is left out. */
function bankAccount(a: NonNullable<GatewayConfig['bank']>['account']) {
  const { iban, name, townName, country } = a
  return { iban, name, townName, country, ...(a.bic ? { bic: a.bic } : {}) }
}

async function topUpReference(bank: Receiver, party: string): Promise<string> {
  const terms = { amount: money(EUR, 10_000n), ref: refOf(party), expiresAt: 0, description: 'top up' }
  return (await bank.offer(terms)).reference
}
