import { isErc6492Signature, parseErc6492Signature } from 'viem/utils'
import type { SignedTransfer } from './proof.ts'

/**
 * The authorization with the signature that a token or Permit2 would take. Accounts that may not be made yet wrap theirs in the call that makes them (ERC-6492);
 * that call is a stranger's and is never sent: it is for the payer to make the account.
 */
export function unwrapped(transfer: SignedTransfer): Readonly<{ transfer: SignedTransfer; isWrapped: boolean }> {
  if (!isErc6492Signature(transfer.signature)) return { transfer, isWrapped: false }
  try {
    const { signature } = parseErc6492Signature(transfer.signature)
    return { transfer: { ...transfer, signature }, isWrapped: true }
  } catch {
    // It ends as such a signature does and is none: nobody's signature, which is then said of it as it came.
    return { transfer, isWrapped: false }
  }
}
