import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { localConfig } from '../localConfig.ts'

export type RunningGateway = Awaited<ReturnType<typeof openGateway>>

type OnChain = Readonly<{ rpcUrls?: readonly string[]; token?: object; laneKeys?: readonly string[]; batchSettlement?: object }>
type Finality = { depth: number } | { tag: 'safe' | 'finalized' }

/** A gateway with nothing but this chain, in this process; `reopen` is a restart on the same data. `more`: of its configuration; `onChain`: of its chain's. */
export async function startGateway(chain: ChainReady, finality: Finality, more: object = {}, onChain: OnChain = {}) {
  const { token = {}, ...settings } = onChain
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-reorg-'))
  const config = checkConfig(
    localConfig(dataDir, {
      ...more,
      evm: [
        {
          chainId: chain.chainId,
          rpcUrls: [chain.rpcUrl],
          hub: chain.hub,
          operatorKey: chain.operatorKey,
          finality,
          pollMs: 25,
          ...settings,
          token: { address: chain.token, name: chain.tokenName, version: chain.tokenVersion, ledger: 100, ...token },
        },
      ],
    }),
  )
  let open: RunningGateway | undefined = await openGateway(config)
  const gateway = (): RunningGateway => {
    if (!open) throw new Error('the gateway is down')
    return open
  }
  const down = async () => {
    await open?.close()
    open = undefined
  }
  return {
    gateway,
    down,
    dataDir,
    async up(): Promise<void> {
      open = await openGateway(config)
    },
    async close(): Promise<void> {
      await down()
      rmSync(dataDir, { recursive: true, force: true })
    },
    /** Credit less debit of an account in the asset of balances. */
    credit(path: string): bigint {
      const { creditsPosted, debitsPosted } = gateway().ledger.books.balance(path, gateway().ground.bookAsset)
      return creditsPosted - debitsPosted
    },
    async party(name: string): Promise<{ id: PartyId; path: string }> {
      const made = await gateway().parties.parties.create({ name })
      return { id: made.party.id, path: accounts.party(made.party.id) }
    },
  }
}

export type GatewayOnChain = Awaited<ReturnType<typeof startGateway>>
