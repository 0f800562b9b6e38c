import { isErc6492Signature, parseErc6492Signature } from 'viem/utils'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { CodeWord } from '../../ports/receiver.ts'
import type { Unproved } from './checkTransfer.ts'
import type { SignedTransfer } from './proof.ts'

/**
 * The authorization with the signature that a token or Permit2 would take. Accounts that may not be made yet wrap theirs in the call that makes them
 * (ERC-6492); that call is a stranger's and is never sent: it is for the payer to make the account.
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

/** Refuses what the code of an account has not taken for its own; of an account that is yet to be made with `payer_not_deployed`. */
export function requireYes({ account, refusal }: Unproved, { word, isWrapped }: Readonly<{ word: CodeWord; isWrapped: boolean }>): void {
  if (word === 'no_code' && isWrapped)
    throw new GatewayError('payer_not_deployed', `There is no account at ${account} yet: its signature brings the call that would make it`)
  if (word !== 'yes') throw refusal
}
