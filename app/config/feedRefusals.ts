import type { z } from 'zod'
import type { Refusal } from './refusal.ts'
import type { shape } from './shape.ts'

/** Rollups with a sequencer that can stand still, whose feeds then look fresh: Base, Arbitrum, OP. Their test networks have no feed that says it. */
const ROLLUPS: readonly number[] = [8_453, 42_161, 10]

/** Feeds are read by the nodes of a chain that is configured, and of a rollup not without knowing that it runs. */
export function feedRefusals({ rates, evm }: Pick<z.infer<typeof shape>, 'rates' | 'evm'>): Refusal[] {
  if (!rates?.chainlink) return []
  const { chainId, uptime } = rates.chainlink
  if (!evm.some((chain) => chain.chainId === chainId)) {
    const message = `The feeds of rates.chainlink are on chain ${chainId}, which is not configured`
    return [{ setting: 'rates.chainlink.chainId', message, hint: 'Name a chain of evm: its nodes are asked for the feeds.' }]
  }
  if (uptime !== undefined || !ROLLUPS.includes(chainId)) return []
  const message = `Nobody says whether the sequencer of chain ${chainId} runs, and feeds look fresh while it does not`
  return [{ setting: 'rates.chainlink.uptime', message, hint: 'Give the uptime feed of the chain: deploy/networks has it.' }]
}
