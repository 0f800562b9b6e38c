import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Recaller, RecallOrder, RecallWord } from '../../gateway/ports/recaller.ts'

/** A bank that says of each recall what it is told to, and remembers what it was asked. Nothing can be asked back for `TECH`. */
export function fakeRecaller() {
  let word: RecallWord | 'closed' = { kind: 'sent' }
  const heard: RecallOrder[] = []
  const recaller: Recaller = {
    rail: 'bank',
    recallable: (_, reason) => {
      if (reason === 'TECH') return { refused: 'too late' }
      return { kind: reason === 'CUST' ? 'request' : 'recall', answerBy: 1_800_000_000_000 }
    },
    async recall(order) {
      heard.push(order)
      if (word === 'closed') throw new GatewayError('rail_unavailable', 'the bank is closed')
      return { word, checkAfterMs: 1 }
    },
  }
  return {
    recaller,
    heard,
    says: (now: typeof word) => {
      word = now
    },
  }
}
