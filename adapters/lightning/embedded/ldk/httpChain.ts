import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { ChainSource } from './chainSource.ts'
import { blocksAnswer } from './wire.ts'

const DEADLINE_MS = 5_000

/** The only network this node runs on. */
export const NETWORK = 'regtest'

/** `changed` resolves once the tip is another block than this one, or after some seconds. */
export type FollowedChain = ChainSource & Readonly<{ changed: (tip: Uint8Array) => Promise<void> }>

/** A chain behind HTTP. Throws `unsafe_configuration` when it is not regtest, `rail_unavailable` when it does not answer. */
export function httpChain(chainUrl: string): FollowedChain {
  const call = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, chainUrl), { ...init, signal: AbortSignal.timeout(DEADLINE_MS) }).catch((cause: unknown) => {
      throw new GatewayError('rail_unavailable', `The Bitcoin chain at ${chainUrl} does not answer`, { cause })
    })
    if (!response.ok) throw new GatewayError('rail_unavailable', `The Bitcoin chain at ${chainUrl} answered ${response.status}`)
    return response
  }
  return {
    blocksAfter: async (after) => {
      const { network, tip, blocks } = blocksAnswer.parse(await (await call(`/blocks?after=${after}`)).json())
      refuseOtherNetworks(network)
      return {
        tip: { height: tip.height, hash: Buffer.from(tip.hash, 'hex') },
        blocks: blocks.map((block) => ({
          height: block.height,
          header: Buffer.from(block.header, 'hex'),
          txs: block.txs.map((tx) => Buffer.from(tx, 'hex')),
        })),
      }
    },
    changed: async (tip) => {
      await (await call(`/change?tip=${Buffer.from(tip).toString('hex')}`)).arrayBuffer()
    },
    broadcast: async (tx) => {
      const response = await call('/tx', { method: 'POST', body: Buffer.from(tx).toString('hex') })
      await response.arrayBuffer()
    },
  }
}

/** The embedded node has known holes and no backups: it may hold nothing of value. */
export function refuseOtherNetworks(network: string): void {
  if (network === NETWORK) return
  throw new GatewayError('unsafe_configuration', `The embedded Lightning node runs on ${NETWORK} only, not on "${network}"`, {
    hint: 'Use an LND node for any other network.',
    meta: { network },
  })
}
