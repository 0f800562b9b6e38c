import { getCreate2Address } from 'viem/utils'
import type { Hex } from '../ports/ids.ts'

/** The address that belongs to one split of a hub, with or without code there (CREATE2, EIP-1014; the salt is the split's id). Checksummed. */
export function receiverAddress(hub: Hex, splitId: Hex, initCodeHash: Hex): Hex {
  return getCreate2Address({ from: hub, salt: splitId, bytecodeHash: initCodeHash })
}
