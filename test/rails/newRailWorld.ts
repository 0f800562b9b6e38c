import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { CustomRail, RailUnderTest } from '../../packages/gateway/rail.ts'
import { CLOSED_ACCOUNT, type PaymentService } from './paymentService.ts'

export const accountOf = (name: string) => ({ kind: 'custom', rail: 'custom:new', account: name }) as const

/** The example's rail before a payment service, as the cases use it. */
export function newRailWorld(service: PaymentService, open: () => CustomRail): RailUnderTest {
  let rail = open()
  let payees = 1000
  const reopen = async () => {
    rail = open()
  }
  const amount = parseAmount('1.50', EUR)
  return {
    rail: () => rail,
    amount,
    async payee() {
      const name = String(++payees)
      return { destination: accountOf(name), got: async () => service.got(name) }
    },
    malformed: accountOf('nobody'),
    refused: async () => ({ destination: accountOf(CLOSED_ACCOUNT), amount }),
    reopen,
    cut: reopen,
    async silence() {
      service.hangUp(true)
      return async () => service.hangUp(false)
    },
    loseFiles: reopen,
  }
}
