import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { ActionTable, Ending } from './actionTable.ts'
import type { Driver } from './driver.ts'
import { type EvmRequest, spentBy } from './requests.ts'

type Asked = Readonly<{
  id: string
  request: EvmRequest
  signal: AbortSignal
  /** Why it would be refused if it were sent now. */
  trial: () => Promise<Extract<Ending, { kind: 'failed' }> | undefined>
}>

/**
 * Runs an action that nobody was promised anything on: only once its trial finds no refusal, which is answered and not kept, so that the same may be
 * asked for again. While another action spends the same authorization or deposit, that one is waited for and nothing is opened.
 */
export async function runUnpromised(
  { driver, actions, clock }: Readonly<{ driver: Driver; actions: ActionTable; clock: Clock }>,
  { id, request, signal, trial }: Asked,
): Promise<Outcome> {
  const known = actions.get(id)
  if (known && known.state !== 'failed') return driver.run(id, request, signal)
  const other = () => actions.spending(spentBy(request) ?? '')
  const refusal = other() === undefined ? await trial() : undefined
  // Another may have begun, or the very same, while the node was asked.
  const spending = other()
  if (spending !== undefined) return driver.run(spending, actions.get(spending)?.request ?? request, signal)
  if (refusal) return refusal
  if (known) actions.tryAgain(id, clock.now())
  return driver.run(id, request, signal)
}
