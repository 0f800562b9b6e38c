import { A_WEEK_S, bankOf, type Happened, happenedTo, intentWhen, newIntent, passExpiry, payInvoice, transfer } from './scene.ts'

const QUARTER_HOUR_S = 900

/** A customer pays over Lightning. */
export async function paid(): Promise<Happened> {
  const { id } = await payOne()
  const intent = await intentWhen(id, 'the settlement', ({ status }) => status === 'settled')
  return happenedTo(intent, 'settled')
}

async function payOne() {
  const intent = await newIntent(QUARTER_HOUR_S)
  await payInvoice(intent)
  return intent
}

/** Nobody pays in time. */
export async function expired(): Promise<Happened> {
  const made = await newIntent(QUARTER_HOUR_S)
  await passExpiry(made)
  return happenedTo(await intentWhen(made.id, 'the expiry', ({ status }) => status === 'expired'), 'expired')
}

/** A bank transfer comes after the time is over. */
export async function late(): Promise<Happened> {
  const made = await newIntent(QUARTER_HOUR_S)
  const { cents, remittance } = bankOf(made)
  await passExpiry(made)
  await intentWhen(made.id, 'the expiry', ({ status }) => status === 'expired')
  await transfer(cents, remittance)
  return happenedTo(await intentWhen(made.id, 'the late payment', ({ exception }) => exception === 'paid_late'), 'paid_late')
}

/** A bank transfer brings half of the price. */
export async function partial(): Promise<Happened> {
  const made = await newIntent(A_WEEK_S)
  const { cents, remittance } = bankOf(made)
  await transfer(cents / 2n, remittance)
  return happenedTo(await intentWhen(made.id, 'the half', ({ exception }) => exception === 'paid_partial'), 'paid_partial')
}

/** A bank transfer brings twice the price. */
export async function over(): Promise<Happened> {
  const made = await newIntent(A_WEEK_S)
  const { cents, remittance } = bankOf(made)
  await transfer(cents * 2n, remittance)
  const is = ({ status, surplus }: { status: string; surplus: readonly object[] }) => status === 'settled' && surplus.length > 0
  return happenedTo(await intentWhen(made.id, 'the payment of too much', is), 'paid_over')
}
