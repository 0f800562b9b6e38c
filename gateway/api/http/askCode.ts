import { GatewayError } from '../../errors/gatewayError.ts'
import type { GuardFace } from '../../guard/openGuard.ts'
import type { ChainRail } from '../../payins/openPayins.ts'
import type { Unproved } from '../../payins/proof/checkTransfer.ts'
import type { RailName } from '../../ports/railName.ts'
import type { CodeWord } from '../../ports/receiver.ts'

/** What asks a chain for the word of an account's code, a few at a time. */
export type CodeAskers = Readonly<{
  guard: Pick<GuardFace, 'codeQuestion'>
  payins: Readonly<{ chains: readonly Pick<ChainRail, 'rail' | 'askCode'>[] }>
}>

/** Asks the code of a payer's account on this chain, counted with the questions of `asker`. Throws `too_busy` and `rail_unavailable`: nothing was kept. */
export async function askCode(
  { guard, payins }: CodeAskers,
  { account, digest, signature }: Unproved,
  { rail, asker }: Readonly<{ rail: RailName; asker: string }>,
): Promise<CodeWord> {
  const chain = payins.chains.find((one) => one.rail === rail)
  if (!chain) throw new GatewayError('rail_unavailable', `${rail} is not configured any more`)
  const answered = await guard.codeQuestion(asker)
  try {
    return await chain.askCode(account, digest, signature)
  } finally {
    answered()
  }
}
