import type { Hex } from '../../gateway/ports/ids.ts'
import type { EvmRailName } from '../../gateway/ports/railName.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { lower } from './node/contracts.ts'

/** Whose accounts are ours on a chain, in lower case: `operators` begins with the one that signs and pays, the others pay gas alone. */
type OwnAccounts = Readonly<{ rail: EvmRailName; operators: readonly Hex[]; hub: Hex; isReceiver: (address: Hex) => boolean }>

/** Which account of ours on the chain the destination is, in words, or undefined. */
export function ownAccount({ rail, operators, hub, isReceiver }: OwnAccounts, destination: Destination): string | undefined {
  if (destination.kind !== 'evm_address') return undefined
  const address = lower(destination.address)
  if (address === operators[0]) return `the wallet of ${rail}`
  if (operators.includes(address)) return `an account of ${rail} that holds ether for gas alone`
  if (address === hub) return `the hub of ${rail}`
  return isReceiver(address) ? `the receiver of a split on ${rail}` : undefined
}
