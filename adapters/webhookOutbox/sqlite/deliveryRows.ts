import type { Delivery, DeliveryState, DeliveryTry } from '../../../gateway/ports/webhookOutbox.ts'

/** A row of `deliveries`, whose columns are STRICT, as the port has it. */
export function toDelivery(row: Record<string, unknown>): Delivery {
  const { event, type, subject, state, next_at: nextAt, tries } = row as Record<string, string>
  return {
    event: event!,
    type: type!,
    subject: subject!,
    state: state as DeliveryState,
    nextAt: Number(nextAt),
    tries: JSON.parse(tries!) as DeliveryTry[],
  }
}
