import { fileURLToPath } from 'node:url'
import type { HardhatUserConfig } from 'hardhat/config'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { noRecord, type WorldRecord } from '../record.ts'
import { ACCOUNTS, accountAt } from './accounts.ts'
import type { ChainProfile } from './profiles.ts'
import { type ChainCall, type ChainRow, recordedRequests } from './recorded.ts'
import { SILENCE_METHOD, silence } from './silence.ts'

// Hardhat looks for a package around the working directory unless it is told where.
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const GENESIS = 'genesis'

const BALANCE_WEI = 10_000n * 10n ** 18n
/** Their keys and not their phrase, from which Hardhat would derive the seed again for each. */
const FUNDED = Array.from({ length: ACCOUNTS }, (_, i) => ({ privateKey: accountAt(i).privateKey, balance: BALANCE_WEI }))

// Said here and not in hardhat.config.ts, so that the chain starts from any working directory and loads neither plugins nor compiler.
const configOf = (profile: ChainProfile, genesisS: number): HardhatUserConfig => ({
  networks: {
    local: {
      type: 'edr-simulated',
      chainType: profile.rollup ? 'op' : 'l1',
      chainId: profile.chainId,
      initialBaseFeePerGas: profile.baseFeeWei,
      initialDate: new Date(genesisS * 1000),
      accounts: FUNDED,
      mining: { auto: true, interval: 0 },
      // Otherwise every block is at least a second later than the last one; with more than one block a second the chain would run
      // ahead of the clock and expire authorizations that live for a minute.
      allowBlocksWithSameTimestamp: true,
    },
  },
  // Where there is nothing: the chain would read all that the compiler has left, at every start, to explain reverts that nobody asks it about.
  paths: { artifacts: fileURLToPath(new URL('./no-artifacts', import.meta.url)) },
})

/** A chain that answers HTTP JSON-RPC on 127.0.0.1. */
export type RunningNetwork = Readonly<{ rpcUrl: string; close: () => Promise<void> }>

type NetworkOptions = Readonly<{
  /** What an earlier chain was told, to be it again. */
  record?: WorldRecord<ChainRow>
  /** A free port when absent. */
  port?: number
  /** Told of every transaction that is sent. */
  onSent?: () => void
}>

/** Starts a chain that mines every transaction at once: an empty one, or the one that its record tells. */
export async function startNetwork(profile: ChainProfile, o: NetworkOptions = {}): Promise<RunningNetwork> {
  const record = o.record ?? noRecord<ChainRow>()
  const nowS = () => Math.trunc(Date.now() / 1000)
  const genesisS = record.rows[0]?.[0] ?? nowS()
  if (record.rows.length === 0) record.add([genesisS, GENESIS, []])
  const hardhat = await createHardhatRuntimeEnvironment(configOf(profile, genesisS), {}, ROOT)
  const rule = recordedRequests({ record, baseFeeWei: profile.baseFeeWei, nowS, onSent: o.onSent ?? (() => undefined) })
  const quiet = silence()
  let replayed: Promise<void> | undefined
  hardhat.hooks.registerHandlers('network', {
    newConnection: async (context, next) => {
      const connection = await next(context)
      // Before anybody else can ask anything. Any request opens the door to where requests of the server come by.
      await connection.provider.request({ method: 'web3_clientVersion' })
      return connection
    },
    onRequest: async (context, connection, request, next) => {
      const send = (call: ChainCall) => next(context, connection, { ...request, method: call.method, params: [...call.params] })
      replayed ??= rule.replay(send)
      await replayed
      const params = Array.isArray(request.params) ? request.params : []
      if (request.method === SILENCE_METHOD) return { jsonrpc: '2.0', id: request.id, result: quiet.begin(params[0]) }
      await quiet.over(request.method)
      return rule.request({ method: request.method, params }, send)
    },
  })
  const server = await hardhat.network.createServer('local', '127.0.0.1', o.port ?? 0)
  const { port } = await server.listen()
  return { rpcUrl: `http://127.0.0.1:${port}`, close: () => server.close() }
}
