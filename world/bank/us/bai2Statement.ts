/** One booking of a day: BAI2 types below 400 are credits. */
export type UsBooking = Readonly<{ type: string; cents: bigint; reference: string; customerReference: string; text: string }>

const yymmdd = (date: string) => date.slice(2).replaceAll('-', '')
const signed = (cents: bigint) => (cents < 0n ? String(cents) : `+${cents}`)

/** The statement of a day as banks of the US give it to companies: BAI2, ledger balances and every booking. */
export function bai2Statement(
  day: Readonly<{ date: string; opening: bigint; closing: bigint; bookings: readonly UsBooking[] }>,
  { account, bank }: Readonly<{ account: string; bank: string }>,
): string {
  const { date, opening, closing, bookings } = day
  const sum = bookings.reduce((total, { cents }) => total + cents, opening + closing)
  const entries = bookings.flatMap(({ type, cents, reference, customerReference, text }) => [
    `16,${type},${cents},0,${reference},${customerReference},${text.slice(0, 30)}`,
    ...(text.length > 30 ? [`88,${text.slice(30)}`] : []),
  ])
  const inAccount = [`03,${account},USD,010,${signed(opening)},,,015,${signed(closing)},,/`, ...entries]
  const inGroup = [`02,SWITCHYARD,${bank},1,${yymmdd(date)},2359,USD,2/`, ...inAccount, `49,${signed(sum)},${inAccount.length + 1}/`]
  const all = [`01,${bank},SWITCHYARD,${yymmdd(date)},2359,1,,,2/`, ...inGroup, `98,${signed(sum)},1,${inGroup.length + 1}/`]
  return `${[...all, `99,${signed(sum)},1,${all.length + 1}/`].join('\n')}\n`
}
